// What of an archive's facets a restore takes, and under which names.
#pragma once

#include <map>
#include <string>

namespace pghaul::restore {

struct Policy {
  bool owner = true;                // --no-owner
  std::string own_role;             // who restores: what it creates belongs to it without being told. Empty: unknown
  bool privileges = true;           // --no-privileges
  bool comments = true;             // --no-comments
  bool security_labels = true;      // --no-security-labels
  bool tablespaces = true;          // --no-tablespaces
  bool table_access_method = true;  // --no-table-access-method
  bool toast_compression = true;    // --no-toast-compression
  bool maintain = true;             // the target (17 and later) has this privilege
};

}  // namespace pghaul::restore

// Which types have a binary form that means the same on every cluster and version: what COPY BINARY may carry.
#pragma once

#include <unordered_map>
#include <vector>

#include "catalog/session.h"

namespace pghaul::catalog::kind {

class PortableTypes {
 public:
  explicit PortableTypes(const Session& session);
  bool contains(Oid type) const;

 private:
  struct Type {
    char type = 0;          // typtype
    Oid base = 0;           // of a domain: its base; of a (multi)range: its subtype; of an array: its element
    bool array = false;
  };
  std::unordered_map<Oid, Type> types_;
};

}  // namespace pghaul::catalog::kind

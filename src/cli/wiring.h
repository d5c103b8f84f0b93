// Options of the modules from the command line, for the commands that share them.
#pragma once

#include "cli/commands.h"
#include "dump/dump.h"
#include "format/archive.h"
#include "restore/restore.h"
#include "verify/verify.h"

namespace pghaul::cli {

dump::Options dump_options(const Run& run, std::string_view connection_option);
restore::Options restore_options(const Run& run, std::string_view connection_option);
verify::Options verify_options(const Run& run);
format::WriteOptions write_options(const Run& run);

unsigned jobs(const Arguments& arguments);  // -j, or what is sensible without it

// --map-role, --map-tablespace, --load-via-partition-root: an inventory as the target is to have it.
void adapt(const Run& run, model::Inventory& inventory);
// Whether that would change anything.
bool adapts(const Run& run);

// The one operand; Error(usage) when there is none or more than one.
std::string file_operand(const Arguments& arguments);

}  // namespace pghaul::cli

// What the options, a filter file and an edited list say of what is wanted.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/options.h"
#include "model/select.h"

namespace pghaul::cli {

// Reads the files that the options name. Error(usage) for what does not fit together.
model::Selection selection(const Arguments& arguments);

// pg_dump 17's filter file: lines of "include|exclude KIND PATTERN", # comments. name: for errors.
void apply_filter(std::string_view text, const std::string& name, model::Selection& selection);

// Lines of "ID; ..." as restore -l prints them; what follows a semicolon is a comment.
std::vector<model::EntryId> parse_list(std::string_view text, const std::string& name);

// TABLE=CONDITION; the equals sign may not stand within the table's quotes.
model::Where parse_where(std::string_view text);

// What restore -l prints.
std::string list_text(const model::Inventory& inventory, const std::vector<model::EntryId>& from);

}  // namespace pghaul::cli

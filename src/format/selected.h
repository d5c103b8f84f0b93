// A stream of which only a part is wanted: another inventory stands before it, and the rows of what is not in that are passed over
// without being decoded.
#pragma once

#include <memory>
#include <vector>

#include "format/archive.h"
#include "format/stream.h"

namespace pghaul::format {

// inventory: made from the source's own by model::select(); from[i]: the number in the stream of its entries[i]. An inventory
// with other numbers than the stream's is all that whoever reads it sees: of its items, too, and of the totals.
std::unique_ptr<Source> make_selected(std::unique_ptr<Source> source, model::Inventory inventory, const std::vector<model::EntryId>& from);

// The rows of a file relation by relation, in the order of the inventory: for rows that must not come before others.
std::unique_ptr<Source> make_ordered(std::unique_ptr<ArchiveFile> file, model::Inventory inventory, const std::vector<model::EntryId>& from);

// The same for totals of their own, as an index has them.
Totals selected_totals(const Totals& totals, const std::vector<model::EntryId>& from);

}  // namespace pghaul::format

// Cycles that PostgreSQL's catalog can hold, and how each shape is opened. One named function a shape, tried in order; the
// cheapest and least visible change comes first. After the last one a cycle is cut by force, with a warning that names it.

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "catalog/graph.h"

namespace pghaul::catalog {
namespace {

using model::Kind;
using Cycle = std::vector<DraftId>;

bool in_cycle(const Cycle& cycle, DraftId id) { return std::binary_search(cycle.begin(), cycle.end(), id); }

// Takes out the pieces of one kind that hold the cycle together. only_first: just those of the oldest draft, since one open
// link is enough and a piece taken out is less pretty. (Oldest, so that the copy is opened at the same place as its source.)
bool detach(Graph& graph, const Cycle& cycle, Kind kind, bool only_first = false) {
  auto pieces = [&](auto&& use) {
    for (const Edge& edge : graph.edges) {
      if (edge.piece == Edge::none || !in_cycle(cycle, edge.from) || !in_cycle(cycle, edge.to)) continue;
      Detachable& piece = graph.drafts[edge.from].detachables[edge.piece];
      if (!piece.detached && piece.apart->kind == kind) use(edge.from, piece);
    }
  };
  DraftId first = Drafts::npos;
  pieces([&](DraftId draft, Detachable&) { first = std::min(first, draft); });
  if (first == Drafts::npos) return false;
  pieces([&](DraftId draft, Detachable& piece) {
    if (!only_first || draft == first) piece.detached = true;
  });
  return true;
}

// A base type needs its I/O functions, which take and return it; a range type its canonical function. They are declared
// over the shell type (documentation, CREATE TYPE), which is an entry of its own.
bool functions_use_the_shell_type(Graph& graph, const Cycle& cycle) {
  auto shell_of = [&](DraftId type) {
    const model::Entry& entry = *graph.drafts[type].entry;
    for (DraftId id = 0; id < graph.drafts.size(); ++id) {
      const model::Entry& shell = *graph.drafts[id].entry;
      if (shell.kind == Kind::shell_type && shell.schema == entry.schema && shell.name == entry.name) return id;
    }
    return Drafts::npos;
  };
  bool changed = false;
  for (Edge& edge : graph.edges) {
    if (!in_cycle(cycle, edge.from) || !in_cycle(cycle, edge.to)) continue;
    Kind from = graph.drafts[edge.from].entry->kind, to = graph.drafts[edge.to].entry->kind;
    if (from != Kind::function || (to != Kind::base_type && to != Kind::range_type)) continue;
    if (DraftId shell = shell_of(edge.to); shell != Drafts::npos) edge.to = shell, changed = true;
  }
  return changed;
}

// A table whose default calls a function that uses the table's row type.
bool defaults_stand_apart(Graph& graph, const Cycle& cycle) { return detach(graph, cycle, Kind::column_default); }

// A table whose CHECK calls a function that uses the table.
bool checks_stand_apart(Graph& graph, const Cycle& cycle) { return detach(graph, cycle, Kind::check_constraint); }

// A domain whose CHECK calls a function that takes the domain.
bool domain_checks_stand_apart(Graph& graph, const Cycle& cycle) { return detach(graph, cycle, Kind::domain_constraint); }

// Views over each other (through CREATE OR REPLACE VIEW or functions): one of them begins as a dummy of the same columns.
bool a_view_begins_as_a_dummy(Graph& graph, const Cycle& cycle) { return detach(graph, cycle, Kind::view_definition, true); }

// A function with an SQL-standard body that needs what needs the function.
bool a_function_begins_as_a_dummy(Graph& graph, const Cycle& cycle) {
  return detach(graph, cycle, Kind::function, true) || detach(graph, cycle, Kind::procedure, true);
}

void cut_by_force(Graph& graph, const Cycle& cycle, std::vector<std::string>& warnings) {
  std::string names;
  for (DraftId id : cycle) names += (names.empty() ? "" : ", ") + model::describe(*graph.drafts[id].entry);
  warnings.push_back("these depend on each other in a way that no order satisfies; one dependency was ignored: " + names);
  auto inside = std::find_if(graph.edges.begin(), graph.edges.end(), [&](const Edge& edge) {
    return in_cycle(cycle, edge.from) && in_cycle(cycle, edge.to) &&
           (edge.piece == Edge::none || !graph.drafts[edge.from].detachables[edge.piece].detached);
  });
  if (inside == graph.edges.end()) throw Error(Fault::internal, "a cycle of pieces alone: " + names);
  graph.edges.erase(inside);
}

}  // namespace

void break_cycles(Graph& graph, std::vector<std::string>& warnings) {
  constexpr bool (*ways[])(Graph&, const Cycle&) = {functions_use_the_shell_type, defaults_stand_apart,     checks_stand_apart,
                                                    domain_checks_stand_apart,    a_view_begins_as_a_dummy, a_function_begins_as_a_dummy};
  for (auto found = cycles(graph); !found.empty(); found = cycles(graph))
    for (const Cycle& cycle : found)
      if (std::none_of(std::begin(ways), std::end(ways), [&](auto way) { return way(graph, cycle); }))
        cut_by_force(graph, cycle, warnings);
}

}  // namespace pghaul::catalog

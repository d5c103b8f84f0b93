// The dependency graph between drafts, as pg_depend and the drafts themselves tell it; broken open where it has cycles,
// then put into restore order.
#pragma once

#include <string>
#include <vector>

#include "catalog/draft.h"
#include "catalog/session.h"

namespace pghaul::catalog {

// "from must come after to". piece: the detachable of `from` that really has the dependency; none: the draft itself.
// to_piece: the detachable of `to` that is needed; what needs it waits for the piece where it stands apart.
struct Edge {
  static constexpr PieceId none = ~PieceId{0};
  DraftId from = 0;
  PieceId piece = none;
  DraftId to = 0;
  PieceId to_piece = none;
};

struct Graph {
  Drafts& drafts;
  std::vector<Edge> edges;
};

// Reads pg_depend whole, in one query, and adds what the drafts tell of themselves. Addresses that mean no draft of their own but
// belong to one (an extension's members, array types, identity sequences) are resolved to it.
Graph read_graph(const Session& session, Drafts& drafts);

// The strongly connected components with more than one draft, each in ascending order: cycles. Pieces that are detached
// count apart from their drafts.
std::vector<std::vector<DraftId>> cycles(const Graph& graph);

// catalog/break_cycles.cc: makes the graph acyclic. Warnings name cycles that it had to cut by force.
void break_cycles(Graph& graph, std::vector<std::string>& warnings);

// catalog/order.cc: the final entries of an acyclic graph, taken out of its drafts. ranks[i]: rank of draft i's kind.
model::Entries in_restore_order(Graph graph, const std::vector<std::size_t>& ranks);

// catalog/facets.cc: comments and security labels, of everything, by address; one query each. After break_cycles.
void attach_facets(const Session& session, Drafts& drafts);

}  // namespace pghaul::catalog

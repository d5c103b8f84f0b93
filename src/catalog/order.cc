// From drafts to entries: create texts put together, detached pieces as entries of their own, sections settled, ids given in restore order.

#include <algorithm>
#include <numeric>
#include <queue>
#include <span>
#include <string_view>
#include <tuple>
#include <unordered_map>

#include "base/error.h"
#include "base/release.h"
#include "catalog/graph.h"

namespace pghaul::catalog {
namespace {

using model::Entry;
using model::Section;

// A future entry and its place in the order.
struct Node {
  Entry* entry = nullptr;  // the draft's, or its piece's
  std::size_t rank = 0;
  std::string_view rank_name;
  DraftId draft = 0;
  bool is_piece = false;
  PieceId piece = 0;  // which of the draft's
  std::vector<std::uint32_t> depends_on;  // node numbers
};

std::string put_together(Draft& draft) {
  std::string text;
  for (std::size_t i = 0; i < draft.text.size(); ++i) {
    auto piece = std::find_if(draft.detachables.begin(), draft.detachables.end(),
                              [&](const Detachable& d) { return d.detached && d.segment == i; });
    text += piece == draft.detachables.end() ? draft.text[i] : piece->when_detached;
  }
  return text;
}

std::vector<Node> make_nodes(Graph& graph, const std::vector<std::size_t>& ranks) {
  Drafts& drafts = graph.drafts;
  std::vector<Node> nodes(drafts.size());
  std::unordered_map<DraftId, std::vector<std::uint32_t>> piece_nodes;  // of drafts that have pieces
  for (DraftId id = 0; id < drafts.size(); ++id) {
    Draft& draft = drafts[id];
    nodes[id].entry = draft.entry.get();
    if (!draft.text.empty()) draft.entry->create_sql = put_together(draft);
    release(draft.text, draft.phrase, draft.qualified);  // nobody asks for them any more
    nodes[id].rank = ranks[id];
    nodes[id].rank_name = draft.rank_name;
    nodes[id].draft = id;
    if (!draft.detachables.empty()) piece_nodes[id].assign(draft.detachables.size(), 0);
    for (PieceId i = 0; i < draft.detachables.size(); ++i) {
      if (!draft.detachables[i].detached) continue;
      piece_nodes[id][i] = static_cast<std::uint32_t>(nodes.size());
      Node piece;
      piece.entry = draft.detachables[i].apart.get();
      piece.rank = ranks[id];
      piece.draft = id, piece.is_piece = true, piece.piece = i;
      piece.depends_on.push_back(id);
      nodes.push_back(std::move(piece));
    }
  }
  for (DraftId id = 0; id < drafts.size(); ++id) {  // what stays in its draft is in the draft's text by now
    Few<Detachable>& pieces = drafts[id].detachables;
    if (std::none_of(pieces.begin(), pieces.end(), [](const Detachable& piece) { return piece.detached; })) pieces.clear();
  }
  for (const Edge& edge : graph.edges) {
    std::uint32_t piece = edge.piece == Edge::none ? 0 : piece_nodes[edge.from][edge.piece];
    std::uint32_t needed = edge.to_piece == Edge::none ? 0 : piece_nodes[edge.to][edge.to_piece];
    nodes[piece ? piece : edge.from].depends_on.push_back(needed ? needed : edge.to);
  }
  for (std::uint32_t n = 0; n < nodes.size(); ++n) {
    auto& on = nodes[n].depends_on;
    std::sort(on.begin(), on.end());
    on.erase(std::unique(on.begin(), on.end()), on.end());
  }
  release(graph.edges);
  return nodes;
}

// Of each node, those that depend on it: one list after the other, in one vector.
class Followers {
 public:
  explicit Followers(const std::vector<Node>& nodes) : first_(nodes.size() + 1) {
    for (const Node& node : nodes)
      for (std::uint32_t to : node.depends_on) ++first_[to + 1];
    std::partial_sum(first_.begin(), first_.end(), first_.begin());
    all_.resize(first_.back());
    std::vector<std::uint32_t> next(first_.begin(), first_.end() - 1);
    for (std::uint32_t n = 0; n < nodes.size(); ++n)
      for (std::uint32_t to : nodes[n].depends_on) all_[next[to]++] = n;
  }
  std::span<const std::uint32_t> of(std::uint32_t node) const { return {all_.data() + first_[node], all_.data() + first_[node + 1]}; }

 private:
  std::vector<std::uint32_t> first_, all_;
};

// Kahn's algorithm. Among nodes that are ready the one with the smallest place goes first; no two places are equal.
std::vector<std::uint32_t> topological(const std::vector<Node>& nodes, const std::vector<std::uint32_t>& places) {
  auto after = [&](std::uint32_t a, std::uint32_t b) { return places[b] < places[a]; };
  std::priority_queue<std::uint32_t, std::vector<std::uint32_t>, decltype(after)> ready(after);
  std::vector<std::size_t> waits(nodes.size());
  for (std::uint32_t n = 0; n < nodes.size(); ++n)
    if ((waits[n] = nodes[n].depends_on.size()) == 0) ready.push(n);
  Followers followers(nodes);
  std::vector<std::uint32_t> order;
  order.reserve(nodes.size());
  while (!ready.empty()) {
    std::uint32_t n = ready.top();
    ready.pop();
    order.push_back(n);
    for (std::uint32_t next : followers.of(n))
      if (--waits[next] == 0) ready.push(next);
  }
  if (order.size() != nodes.size()) throw Error(Fault::internal, "the dependency graph still has a cycle");
  return order;
}

// Each node's own number.
std::vector<std::uint32_t> numbers(const std::vector<Node>& nodes) {
  std::vector<std::uint32_t> all(nodes.size());
  std::iota(all.begin(), all.end(), 0u);
  return all;
}

// Where each node stands by rank and name alone. Sorted once: the order is asked for far more often than there are nodes.
std::vector<std::uint32_t> places_by_name(const std::vector<Node>& nodes) {
  auto key = [&](std::uint32_t n) {
    const Node& node = nodes[n];
    const Entry& e = *node.entry;
    return std::tie(e.section, e.late, node.rank, node.is_piece, node.rank_name, e.schema, e.name, e.kind);
  };
  std::vector<std::uint32_t> sorted = numbers(nodes), places(nodes.size());
  std::stable_sort(sorted.begin(), sorted.end(), [&](std::uint32_t a, std::uint32_t b) { return key(a) < key(b); });
  for (std::uint32_t place = 0; place < sorted.size(); ++place) places[sorted[place]] = place;
  return places;
}

// What is created before the data, but needs something that is created after it (a view whose GROUP BY rests on a primary
// key), moves behind the data too.
void settle_sections(std::vector<Node>& nodes) {
  for (std::uint32_t n : topological(nodes, numbers(nodes)))
    for (std::uint32_t to : nodes[n].depends_on)
      if (nodes[n].entry->section == Section::pre_data && nodes[to].entry->section == Section::post_data)
        nodes[n].entry->section = Section::post_data;
}

}  // namespace

model::Entries in_restore_order(Graph graph, const std::vector<std::size_t>& ranks) {
  std::vector<Node> nodes = make_nodes(graph, ranks);
  settle_sections(nodes);
  std::vector<std::uint32_t> order = topological(nodes, places_by_name(nodes));

  std::vector<model::EntryId> ids(nodes.size());
  for (std::uint32_t place = 0; place < order.size(); ++place) ids[order[place]] = place + 1;
  std::vector<std::uint32_t> left(graph.drafts.size());  // of a draft: itself and its pieces, as far as they have no entry yet
  for (const Node& node : nodes) ++left[node.draft];
  model::Entries entries;
  entries.reserve(nodes.size());
  for (std::uint32_t n : order) {
    Node& node = nodes[n];
    Draft& draft = graph.drafts[node.draft];
    Entry& entry = *node.entry;
    entry.id = ids[n];
    for (std::uint32_t to : node.depends_on) entry.depends_on.push_back(ids[to]);
    std::sort(entry.depends_on.begin(), entry.depends_on.end());
    DraftId parent = node.is_piece ? node.draft : graph.drafts.id_of(draft.parent);
    if (parent != Drafts::npos && (node.is_piece || draft.parent.catalog)) entry.parent = ids[parent];
    if (!node.is_piece)
      for (const Address& above : draft.inherits)
        if (DraftId table = graph.drafts.id_of(above); table != Drafts::npos) entry.inherits.push_back(ids[table]);
    if (node.is_piece) entry.locks.push_back({entry.parent, model::LockMode::access_exclusive});
    for (const auto& [address, mode] : node.is_piece ? draft.detachables[node.piece].locks : draft.locks)
      if (DraftId on = graph.drafts.id_of(address); on != Drafts::npos) entry.locks.push_back({ids[on], mode});
    entries.push_back(std::move(node.is_piece ? draft.detachables[node.piece].apart : draft.entry));
    if (--left[node.draft] == 0) graph.drafts.drop(node.draft);
  }
  return entries;
}

}  // namespace pghaul::catalog

#include "catalog/graph.h"

#include <algorithm>
#include <deque>
#include <set>

#include "base/release.h"

namespace pghaul::catalog {
namespace {

// Pinned objects have no rows here (documentation 53.18); what is left concerns user objects and information_schema.
constexpr std::string_view depend_query = R"(
SELECT classid, objid, objsubid, refclassid, refobjid, refobjsubid, deptype
  FROM pg_catalog.pg_depend
 WHERE deptype IN ('n', 'a', 'i', 'e', 'x') AND refobjid <> 0)";

struct Dependency {
  Address from, to;
  char type;
};

struct Place {
  DraftId draft = Drafts::npos;
  PieceId piece = Edge::none;
};
using Places = std::unordered_map<Address, Place, AddressHash>;

Places places_of_pieces(const Drafts& drafts) {
  Places places;
  for (DraftId id = 0; id < drafts.size(); ++id)
    for (PieceId piece = 0; piece < drafts[id].detachables.size(); ++piece)
      if (drafts[id].detachables[piece].address.catalog)
        places.insert_or_assign(drafts[id].detachables[piece].address, Place{id, piece});
  return places;
}

class Resolver {
 public:
  Resolver(const Drafts& drafts) : drafts_(drafts), pieces_(places_of_pieces(drafts)) {
    for (const auto& [address, place] : pieces_) catalogs_of_pieces_.insert(address.catalog);
  }

  Place find(const Address& address) const {
    if (catalogs_of_pieces_.contains(address.catalog))
      if (auto piece = pieces_.find(address); piece != pieces_.end()) return piece->second;
    if (DraftId id = drafts_.id_of(address); id != Drafts::npos) return {id, Edge::none};
    if (auto alias = aliases_.find({address.catalog, address.object, 0}); alias != aliases_.end()) return alias->second;
    return {};
  }

  // What is part of something else ('i', 'e') and no draft itself means that something. Chains are short: an array type of a
  // type of an extension.
  void learn_aliases(const std::deque<Dependency>& dependencies) {
    std::vector<const Dependency*> unknown;
    for (const Dependency& dependency : dependencies)
      if ((dependency.type == 'i' || dependency.type == 'e') && find(dependency.from).draft == Drafts::npos) unknown.push_back(&dependency);
    auto learn = [&](const Dependency* dependency) {
      Place whole = find(dependency->to);
      if (whole.draft == Drafts::npos) return false;
      aliases_.try_emplace({dependency->from.catalog, dependency->from.object, 0}, Place{whole.draft, Edge::none});
      return true;
    };
    while (std::erase_if(unknown, learn) > 0) {}
  }

 private:
  const Drafts& drafts_;
  Places pieces_, aliases_;
  std::set<Oid> catalogs_of_pieces_;  // a few: most addresses, of relations and types, need not be looked for among the pieces
};

bool is_relation_like(model::Kind kind) {
  using enum model::Kind;
  return kind == table || kind == foreign_table || kind == view || kind == materialized_view || kind == composite_type;
}

// Dependencies that exist in the catalog but that the way entries are written does not have: a sequence is created before the
// column that owns it (SEQUENCE OWNED BY follows), a partition before its parent (TABLE ATTACH follows).
bool is_written_away(const Drafts& drafts, DraftId from, DraftId to, char type) {
  if (type != 'a') return false;
  model::Kind a = drafts[from].entry->kind, b = drafts[to].entry->kind;
  return is_relation_like(b) && (a == model::Kind::sequence || a == model::Kind::table || a == model::Kind::foreign_table);
}

}  // namespace

Graph read_graph(const Session& session, Drafts& drafts) {
  Graph graph{drafts, {}};
  Resolver resolver(drafts);
  // Adds an edge, unless an end of it is no draft's.
  auto connect = [&](const Dependency& dependency) {
    Place from = resolver.find(dependency.from), to = resolver.find(dependency.to);
    if (from.draft == Drafts::npos || to.draft == Drafts::npos) return false;
    if (from.draft != to.draft && !is_written_away(drafts, from.draft, to.draft, dependency.type))
      graph.edges.push_back({from.draft, from.piece, to.draft});
    return true;
  };
  std::deque<Dependency> unresolved;  // until all aliases are known
  session.connection.stream(std::string(depend_query), [&](const pg::Row& row) {
    Dependency dependency{{row.oid(0), row.oid(1), static_cast<std::int32_t>(row.integer(2))},
                          {row.oid(3), row.oid(4), static_cast<std::int32_t>(row.integer(5))},
                          row.letter(6)};
    if (!connect(dependency)) unresolved.push_back(dependency);
  });
  resolver.learn_aliases(unresolved);
  for (const Dependency& dependency : unresolved) connect(dependency);
  for (DraftId id = 0; id < drafts.size(); ++id) {
    for (const Address& need : drafts[id].needs)
      if (Place to = resolver.find(need); to.draft != Drafts::npos && to.draft != id)
        graph.edges.push_back({id, Edge::none, to.draft, to.piece});
    for (PieceId piece = 0; piece < drafts[id].detachables.size(); ++piece)
      for (const Address& need : drafts[id].detachables[piece].needs)
        if (Place to = resolver.find(need); to.draft != Drafts::npos && to.draft != id) graph.edges.push_back({id, piece, to.draft});
    for (DraftId to : drafts[id].after)
      if (to != id) graph.edges.push_back({id, Edge::none, to});
    release(drafts[id].needs);  // they are edges now
  }
  return graph;
}

namespace {

// Tarjan's algorithm with a stack of its own: no recursion on what a catalog contains.
class Components {
 public:
  explicit Components(const std::vector<std::vector<std::uint32_t>>& next) : next_(next), state_(next.size()) {}

  std::vector<std::vector<std::uint32_t>> run() {
    for (std::uint32_t node = 0; node < next_.size(); ++node)
      if (!state_[node].index) visit(node);
    return std::move(found_);
  }

 private:
  struct State {
    std::uint32_t index = 0, low = 0;
    bool on_stack = false;
  };
  struct Frame {
    std::uint32_t node;
    std::size_t at;
  };

  void enter(std::uint32_t node) {
    state_[node] = {++counter_, counter_, true};
    stack_.push_back(node);
    frames_.push_back({node, 0});
  }

  void visit(std::uint32_t root) {
    enter(root);
    while (!frames_.empty()) {
      auto& [node, at] = frames_.back();
      if (at < next_[node].size()) {
        std::uint32_t to = next_[node][at++];
        if (!state_[to].index) enter(to);
        else if (state_[to].on_stack) state_[node].low = std::min(state_[node].low, state_[to].index);
        continue;
      }
      std::uint32_t done = node;
      frames_.pop_back();
      if (!frames_.empty()) state_[frames_.back().node].low = std::min(state_[frames_.back().node].low, state_[done].low);
      if (state_[done].low == state_[done].index) collect(done);
    }
  }

  void collect(std::uint32_t root) {
    std::vector<std::uint32_t> component;
    for (std::uint32_t node = root + 1; node != root;) {
      node = stack_.back();
      stack_.pop_back();
      state_[node].on_stack = false;
      component.push_back(node);
    }
    if (component.size() > 1) found_.push_back(std::move(component));
  }

  const std::vector<std::vector<std::uint32_t>>& next_;
  std::vector<State> state_;
  std::vector<std::uint32_t> stack_;
  std::vector<Frame> frames_;
  std::uint32_t counter_ = 0;
  std::vector<std::vector<std::uint32_t>> found_;
};

}  // namespace

std::vector<std::vector<DraftId>> cycles(const Graph& graph) {
  const Drafts& drafts = graph.drafts;
  // Drafts come first, then the pieces that are detached: each comes after its draft.
  std::vector<std::vector<std::uint32_t>> next(drafts.size());
  std::vector<DraftId> draft_of;
  std::unordered_map<std::uint64_t, std::uint32_t> nodes;
  auto node = [&](DraftId draft, PieceId piece) {
    if (piece == Edge::none || !drafts[draft].detachables[piece].detached) return draft;
    auto [place, is_new] = nodes.try_emplace(std::uint64_t{draft} << 32 | piece, static_cast<std::uint32_t>(next.size()));
    if (is_new) next.push_back({draft}), draft_of.push_back(draft);
    return place->second;
  };
  for (const Edge& edge : graph.edges) {
    std::uint32_t from = node(edge.from, edge.piece), to = node(edge.to, edge.to_piece);
    next[from].push_back(to);
  }
  std::vector<std::vector<DraftId>> found = Components(next).run();
  for (auto& component : found) {
    for (std::uint32_t& number : component)
      if (number >= drafts.size()) number = draft_of[number - drafts.size()];
    std::sort(component.begin(), component.end());
    component.erase(std::unique(component.begin(), component.end()), component.end());
  }
  return found;
}

}  // namespace pghaul::catalog

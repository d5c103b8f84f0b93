// What the kinds (catalog/kind/*.cc) make: an Entry that is not final yet, with the catalog addresses by which
// pg_depend names it, and the pieces of it that can be taken out when they close a cycle.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "base/few.h"
#include "model/entry.h"
#include "pg/connection.h"

namespace pghaul::catalog {

using pg::Oid;

// OIDs of the system catalogs (src/include/catalog; fixed since long before 13), as pg_depend.classid has them.
namespace catalog_oid {
constexpr Oid type = 1247, proc = 1255, relation = 1259, authid = 1260, tablespace = 1213, database = 1262, foreign_server = 1417,
              user_mapping = 1418, foreign_data_wrapper = 2328, access_method = 2601, attrdef = 2604, cast = 2605,
              constraint = 2606, conversion = 2607, language = 2612, large_object = 2613, namespace_ = 2615, opclass = 2616,
              op = 2617, rewrite = 2618, trigger = 2620, opfamily = 2753, extension = 3079, policy = 3256, statistic_ext = 3381,
              collation = 3456, event_trigger = 3466, transform = 3576, ts_dict = 3600, ts_parser = 3601, ts_config = 3602,
              ts_template = 3764, default_acl = 826, amop = 2602, amproc = 2603, publication = 6104, publication_rel = 6106,
              publication_namespace = 6237, subscription = 6100;
}

// The name of an object in the catalog: pg_depend's (classid, objid, objsubid).
struct Address {
  Oid catalog = 0, object = 0;
  std::int32_t sub = 0;  // column number; 0: the whole object
  auto operator<=>(const Address&) const = default;
};

struct AddressHash {
  std::size_t operator()(const Address& a) const {
    std::uint64_t h = (std::uint64_t{a.catalog} << 32 | a.object) * 0x9E3779B97F4A7C15u + static_cast<std::uint32_t>(a.sub);
    return static_cast<std::size_t>(h ^ h >> 29);
  }
};

using DraftId = std::uint32_t;  // number in Drafts, from 0
using PieceId = std::uint32_t;  // number in Draft::detachables, from 0

// A piece of a draft's create text that can become an entry of its own: a column default, a CHECK constraint, the body of a
// view or function. Dependencies that pg_depend records from `address` are those of the piece.
struct Detachable {
  Address address;             // of the piece itself in pg_depend (pg_attrdef, pg_constraint, pg_rewrite)
  std::size_t segment = 0;     // which segment of Draft::text it is
  std::string when_detached;   // what takes the segment's place then: "" for a default, a dummy SELECT for a view
  std::string phrase;          // as Draft::phrase, for comments on the piece: 'CONSTRAINT positive ON public.t'; "": none
  std::vector<Address> needs;  // what the piece must come after and pg_depend does not tell
  std::vector<std::pair<Address, model::LockMode>> locks;  // beside ACCESS EXCLUSIVE on what it was taken from
  // The entry that it becomes: kind, section, schema, name, create_sql (parent is filled in). Always there, as Draft::entry is.
  std::unique_ptr<model::Entry> apart = std::make_unique<model::Entry>();
  bool detached = false;       // set by break_cycles, or at once by the kind for what must always stand apart
};

struct Draft {
  // All but id, depends_on, locks' ids, parent and create_sql (that is made from text). Apart from the draft, since it outlives it.
  std::unique_ptr<model::Entry> entry = std::make_unique<model::Entry>();
  Address address;
  std::string phrase;          // what stands between COMMENT ON and IS: 'TABLE public.orders'; "": takes no comment, no label
  std::string qualified;       // relations and composite types: the quoted name, for 'COLUMN public.orders.total'
  std::vector<Address> also;   // further addresses that mean this draft: its row type, array type, _RETURN rule
  std::vector<Address> needs;  // dependencies that pg_depend does not tell (or tells from elsewhere)
  Few<DraftId> after;          // the same, by draft
  Address parent;              // of the draft that entry.parent will be; catalog 0: none
  Few<Address> inherits;       // of the drafts that entry.inherits will be
  std::vector<std::pair<Address, model::LockMode>> locks;
  std::vector<std::string> text;  // segments of the create text; detachables refer to them by index
  Few<Detachable> detachables;
  std::string rank_name;       // sorts among drafts of its kind; "" : schema, then name
};

// The drafts of one kind; put together in rank order, those of a whole database.
class Drafts {
 public:
  // Registers the draft under its address and its `also` addresses. Returns its id.
  DraftId add(Draft draft);
  // The draft that an address means; sub is ignored unless an exact entry exists. nullptr: none (a built-in, an extension's).
  Draft* find(const Address& address);
  DraftId id_of(const Address& address) const;  // none: npos
  static constexpr DraftId npos = ~DraftId{0};

  // When the kind is read: gives back what only its reader needs, and makes simple texts what they will be, create_sql.
  void settle();
  // Moves them all behind these.
  void take(Drafts other);

  std::size_t size() const { return all_.size(); }
  Draft& operator[](DraftId id) { return *all_[id]; }
  const Draft& operator[](DraftId id) const { return *all_[id]; }
  // Gives its memory back; nobody may ask for it again.
  void drop(DraftId id) { all_[id].reset(); }

 private:
  std::vector<std::unique_ptr<Draft>> all_;
  boost::unordered_flat_map<Address, DraftId, AddressHash> by_address_;
};

}  // namespace pghaul::catalog

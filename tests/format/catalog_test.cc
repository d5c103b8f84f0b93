// The catalog's coding: every field of every entry survives, and bytes of any origin are refused with an
// Error.
#include <gtest/gtest.h>

#include "base/error.h"
#include "fixture.h"
#include "format/catalog_coding.h"

namespace pghaul::format::test {
namespace {

using namespace model;

// Structured bindings, so that a new field breaks the compilation here: then code it too, at the end of its
// record.
bool same(const Lock& a, const Lock& b);
bool same(const Comment& a, const Comment& b);
bool same(const SecurityLabel& a, const SecurityLabel& b);
bool same(const Extra& a, const Extra& b);
bool same(const Requirement& a, const Requirement& b);
bool same(const AclItem& a, const AclItem& b);
bool same(const Acl& a, const Acl& b);
bool same(const Entry& a, const Entry& b);

template <typename List>
bool all_same(const List& a, const List& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) { return same(x, y); });
}

bool same(const Lock& a, const Lock& b) {
  const auto& [entry, mode] = a;
  return entry == b.entry && mode == b.mode;
}
bool same(const Comment& a, const Comment& b) {
  const auto& [object, text] = a;
  return object == b.object && text == b.text;
}
bool same(const SecurityLabel& a, const SecurityLabel& b) {
  const auto& [object, provider, label] = a;
  return object == b.object && provider == b.provider && label == b.label;
}
bool same(const Extra& a, const Extra& b) {
  const auto& [policy, sql] = a;
  return policy == b.policy && sql == b.sql;
}
bool same(const Requirement& a, const Requirement& b) {
  const auto& [what, name, detail, min_version, max_version] = a;
  return what == b.what && name == b.name && detail == b.detail && min_version == b.min_version &&
         max_version == b.max_version;
}
bool same(const AclItem& a, const AclItem& b) {
  [[maybe_unused]] const auto& [grantee, privileges, grantable, grantor] = a;
  return a == b;
}
bool same(const Acl& a, const Acl& b) {
  const auto& [object, column, all, owner, initial, wanted] = a;
  return object == b.object && column == b.column && all == b.all && owner == b.owner &&
         all_same(initial, b.initial) && all_same(wanted, b.wanted);
}
bool same(const DataSpec& a, const DataSpec& b) {
  const auto& [load, format, binary_allowed, source, target, relation, column_list, bytes, rows, pages,
               can_split, condition] = a;
  return load == b.load && format == b.format && binary_allowed == b.binary_allowed && source == b.source &&
         target == b.target && relation == b.relation && column_list == b.column_list && bytes == b.bytes &&
         rows == b.rows && pages == b.pages && can_split == b.can_split && condition == b.condition;
}
bool same(const Entry& a, const Entry& b) {
  const auto& [id, kind, section, late, alone, schema, name, parent, create_sql, drop_sql, depends_on, locks,
               size, owner, owner_objects, tablespace, access_method, acls, comments, labels, extras,
               requires_on_target, data, inherits, unlogged, two_steps, sort_bytes] = a;
  return id == b.id && kind == b.kind && section == b.section && late == b.late && alone == b.alone &&
         schema == b.schema && name == b.name && parent == b.parent && create_sql == b.create_sql &&
         drop_sql == b.drop_sql && depends_on == b.depends_on && all_same(locks, b.locks) && size == b.size &&
         owner == b.owner && owner_objects == b.owner_objects && tablespace == b.tablespace &&
         access_method == b.access_method && all_same(acls, b.acls) && all_same(comments, b.comments) &&
         all_same(labels, b.labels) && all_same(extras, b.extras) &&
         all_same(requires_on_target, b.requires_on_target) && data.has_value() == b.data.has_value() &&
         (!data || same(*data, *b.data)) && inherits == b.inherits && unlogged == b.unlogged &&
         two_steps.has_value() == b.two_steps.has_value() && sort_bytes == b.sort_bytes &&
         (!two_steps || (two_steps->index_sql == b.two_steps->index_sql && two_steps->constraint_sql == b.two_steps->constraint_sql));
}
bool same(const Origin& a, const Origin& b) {
  const auto& [server_version, text, database, encoding, collate, ctype, provider, snapshot, time_us,
               block_size, search_path, partial] = a;
  return server_version == b.server_version && text == b.server_version_text && database == b.database &&
         encoding == b.encoding && collate == b.collate && ctype == b.ctype &&
         provider == b.locale_provider && snapshot == b.snapshot && time_us == b.snapshot_time_us &&
         block_size == b.block_size && search_path == b.search_path && partial == b.partial;
}
bool same(const Inventory& a, const Inventory& b) {
  const auto& [origin, entries, warnings] = a;
  return same(origin, b.origin) && all_same(entries, b.entries) && warnings == b.warnings;
}

Fault fault_of(std::string_view bytes) {
  try {
    decode_inventory(bytes);
  } catch (const Error& error) {
    return error.fault();
  }
  return Fault::internal;
}

TEST(Catalog, RandomInventoriesSurviveTheRoundTrip) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE(seed);
    Random random(seed);
    Inventory inventory = random_inventory(random, static_cast<unsigned>(seed % 41));
    EXPECT_TRUE(same(decode_inventory(encode_inventory(inventory)), inventory));
  }
}

TEST(Catalog, EveryTruncationIsRefused) {
  Random random(7);
  std::string bytes = encode_inventory(random_inventory(random, 5));
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_EQ(fault_of({bytes.data(), size}), Fault::damaged) << size;
}

TEST(Catalog, FieldsOfALaterVersionArePassedOver) {
  Inventory inventory = tables(1);
  std::string bytes = encode_inventory(inventory);
  // Its only entry is the last record: longer by four bytes, and saying so.
  std::string entry_start("\x01\0\0\0\x32\0", 6);  // id 1, kind 50
  std::size_t at = bytes.find(entry_start);
  ASSERT_NE(at, std::string::npos);
  std::uint32_t length;
  std::memcpy(&length, bytes.data() + at - 4, 4);
  ASSERT_EQ(at + length, bytes.size());
  length += 4;
  std::memcpy(bytes.data() + at - 4, &length, 4);
  bytes += "more";
  EXPECT_TRUE(same(decode_inventory(bytes), inventory));
}

TEST(Catalog, AKindOfALaterVersionIsRefusedByNumber) {
  std::string bytes = encode_inventory(tables(1));
  std::size_t at = bytes.find(std::string("\x01\0\0\0\x32\0", 6));
  bytes[at + 4] = '\x7f', bytes[at + 5] = '\x01';
  try {
    decode_inventory(bytes);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::unsupported);
    EXPECT_NE(error.message().find("383"), std::string::npos) << error.message();
  }
}

TEST(Catalog, AnInventoryWithForwardDependenciesIsNotWritten) {
  Inventory inventory = tables(2);
  inventory.entries[0].depends_on = {2};
  EXPECT_THROW(encode_inventory(inventory), Error);
}

TEST(Catalog, HugeCountsAreRefusedBeforeTheyAreAllocated) {
  std::string bytes = encode_inventory(tables(0));
  bytes.replace(bytes.size() - 4, 4, "\xff\xff\xff\xff");  // the number of entries
  EXPECT_EQ(fault_of(bytes), Fault::damaged);
}

}  // namespace
}  // namespace pghaul::format::test

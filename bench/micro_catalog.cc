// What does the catalog block of a database with 20,000 tables cost: written, and read again? Each table has an owner, a
// privilege, a comment, rows, a primary key and an index; every fifth one a foreign key.
#include <benchmark/benchmark.h>

#include "format/catalog_coding.h"
#include "format/compress.h"

namespace pghaul::format {
namespace {

using namespace model;

Entry& add(Inventory& inventory, Kind kind, Section section, std::string name, EntryId parent) {
  Entry& entry = inventory.entries.emplace_back();
  entry.id = static_cast<EntryId>(inventory.entries.size());
  entry.kind = kind, entry.section = section;
  entry.schema = "public", entry.name = std::move(name), entry.parent = parent;
  if (parent) entry.depends_on = {parent};
  return entry;
}

Inventory many_tables(unsigned tables) {
  Inventory inventory;
  inventory.origin.server_version = 160014, inventory.origin.database = "shop", inventory.origin.encoding = "UTF8";
  for (unsigned n = 1; n <= tables; ++n) {
    std::string name = "table_" + std::to_string(n), qualified = "public." + name;
    Entry& table = add(inventory, Kind::table, Section::pre_data, name, 0);
    table.create_sql = "CREATE TABLE " + qualified +
                       " (\n  id bigint NOT NULL,\n  name text NOT NULL,\n  parent bigint,\n  created timestamptz DEFAULT now()\n)";
    table.drop_sql = "DROP TABLE " + qualified;
    table.owner = "shop_owner", table.owner_objects = {"TABLE " + qualified}, table.access_method = "heap";
    table.comments = {{"TABLE " + qualified, "what stands in " + name}};
    const EntryId id = table.id;
    Entry& rows = add(inventory, Kind::table_data, Section::data, name, id);
    rows.size = 8192;
    rows.data.emplace();
    rows.data->source = rows.data->target = qualified + " (id, name, parent, created)";
    rows.data->relation = qualified, rows.data->column_list = "id, name, parent, created";
    rows.data->bytes = 8192, rows.data->rows = 10, rows.data->pages = 1, rows.data->can_split = rows.data->binary_allowed = true;
    const EntryId data = rows.id;
    Entry& key = add(inventory, Kind::constraint, Section::post_data, name + " " + name + "_pkey", id);
    key.create_sql = "ALTER TABLE ONLY " + qualified + " ADD CONSTRAINT " + name + "_pkey PRIMARY KEY (id)";
    key.drop_sql = "ALTER TABLE " + qualified + " DROP CONSTRAINT " + name + "_pkey";
    key.depends_on.push_back(data), key.locks = {{id, LockMode::access_exclusive}};
    const EntryId key_id = key.id;
    Entry& index = add(inventory, Kind::index, Section::post_data, name + "_name_idx", id);
    index.create_sql = "CREATE INDEX " + name + "_name_idx ON " + qualified + " USING btree (name)";
    index.drop_sql = "DROP INDEX public." + name + "_name_idx";
    index.depends_on.push_back(data), index.locks = {{id, LockMode::share}};
    if (n % 5) continue;
    Entry& foreign = add(inventory, Kind::foreign_key, Section::post_data, name + " " + name + "_parent_fkey", id);
    foreign.create_sql = "ALTER TABLE ONLY " + qualified + " ADD CONSTRAINT " + name + "_parent_fkey FOREIGN KEY (parent) REFERENCES " +
                         qualified + "(id)";
    foreign.depends_on.push_back(key_id), foreign.locks = {{id, LockMode::share_row_exclusive}};
  }
  return inventory;
}

const Inventory& sample() {
  static const Inventory inventory = many_tables(20000);
  return inventory;
}

void report(benchmark::State& state, std::size_t bytes) {
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * bytes));
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * sample().entries.size()));
  state.counters["catalog_bytes"] = static_cast<double>(bytes);
}

void catalog_encoded(benchmark::State& state) {
  std::size_t bytes = 0;
  for (auto _ : state) benchmark::DoNotOptimize(bytes = encode_inventory(sample()).size());
  report(state, bytes);
}
BENCHMARK(catalog_encoded)->Unit(benchmark::kMillisecond);

void catalog_decoded(benchmark::State& state) {
  const std::string encoded = encode_inventory(sample());
  for (auto _ : state) benchmark::DoNotOptimize(decode_inventory(encoded));
  report(state, encoded.size());
}
BENCHMARK(catalog_decoded)->Unit(benchmark::kMillisecond);

void catalog_compressed(benchmark::State& state) {
  const std::string encoded = encode_inventory(sample());
  Compressor compressor(1);
  Buffer out;
  std::size_t stored = 0;
  for (auto _ : state) benchmark::DoNotOptimize(stored = compressor.compress(encoded, out).size());
  report(state, encoded.size());
  state.counters["stored_bytes"] = static_cast<double>(stored);
}
BENCHMARK(catalog_compressed)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace pghaul::format

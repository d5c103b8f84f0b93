// All that a catalog holds: where it was read, and its entries in a valid restore order.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <boost/iterator/indirect_iterator.hpp>

#include "model/entry.h"

namespace pghaul::model {

// The server and database that an inventory was read from.
struct Origin {
  int server_version = 0;        // server_version_num: 160014
  std::string server_version_text;  // "16.14 (Debian ...)"
  std::string database;
  std::string encoding;          // server encoding's name: "UTF8"
  std::string collate, ctype;    // datcollate, datctype
  std::string locale_provider;   // 'c' libc, 'i' ICU, 'b' builtin; "" before 15
  std::string snapshot;          // the exported snapshot's name; "" when none was exported
  std::int64_t snapshot_time_us = 0;  // microseconds since 1970-01-01 UTC, of the source's clock
  std::uint32_t block_size = 8192;    // bytes
  std::vector<std::string> search_path; // schemas that a name without one is looked for in, as a new session there has them
  bool partial = false;               // a selection left something out by name
};

// Entries in their order. Each stays where it is in memory, so that one is handed over without being moved; copying copies them.
class Entries {
 public:
  using value_type = Entry;
  using iterator = boost::indirect_iterator<std::vector<std::unique_ptr<Entry>>::iterator, Entry>;
  using const_iterator = boost::indirect_iterator<std::vector<std::unique_ptr<Entry>>::const_iterator, const Entry>;

  Entries() = default;
  Entries(Entries&&) noexcept = default;
  Entries(const Entries& other) {
    for (const Entry& entry : other) push_back(entry);
  }
  Entries& operator=(Entries other) noexcept {
    all_ = std::move(other.all_);
    return *this;
  }
  ~Entries() = default;

  std::size_t size() const { return all_.size(); }
  bool empty() const { return all_.empty(); }
  iterator begin() { return iterator(all_.begin()); }
  iterator end() { return iterator(all_.end()); }
  const_iterator begin() const { return const_iterator(all_.begin()); }
  const_iterator end() const { return const_iterator(all_.end()); }
  Entry& operator[](std::size_t i) { return *all_[i]; }
  const Entry& operator[](std::size_t i) const { return *all_[i]; }
  Entry& at(std::size_t i) { return *all_.at(i); }  // throws std::out_of_range
  const Entry& at(std::size_t i) const { return *all_.at(i); }
  Entry& back() { return *all_.back(); }
  const Entry& back() const { return *all_.back(); }

  void reserve(std::size_t count) { all_.reserve(count); }
  void push_back(std::unique_ptr<Entry> entry) { all_.push_back(std::move(entry)); }
  void push_back(Entry entry) { push_back(std::make_unique<Entry>(std::move(entry))); }
  Entry& emplace_back() { return *all_.emplace_back(std::make_unique<Entry>()); }
  // The entry is the caller's now, and its place must not be looked at again.
  std::unique_ptr<Entry> take(std::size_t i) { return std::move(all_[i]); }
  void clear() { all_.clear(); }

 private:
  std::vector<std::unique_ptr<Entry>> all_;
};

struct Inventory {
  Origin origin;
  Entries entries;             // entries[i].id == i + 1; acyclic; dependencies come before what depends on them
  std::vector<std::string> warnings;  // for the user: what could not be carried as it is, by name

  const Entry& at(EntryId id) const { return entries.at(id - 1); }
};

}  // namespace pghaul::model

#include "format/catalog_coding.h"

#include <fmt/format.h>

#include <concepts>

#include "base/coding.h"

namespace pghaul::format {
namespace {

using namespace model;

// The order of the fields in the archive is the order in which the fields() below name them: new fields go to
// the end. One list serves both directions: Encoder reads the fields it is given, Decoder fills them.
class Encoder {
 public:
  template <std::integral T>
  requires(!std::same_as<T, bool>) void operator()(const T& value) { out_.put(value); }
  void operator()(const bool& value) { out_.put(static_cast<std::uint8_t>(value)); }
  void operator()(const std::string& value) { out_.put_string(value); }
  void operator()(Name value) { out_.put_string(value.str()); }
  template <typename T>
  requires std::is_enum_v<T>
  void choice(const T& value, T /*last*/, std::string_view /*what*/) {
    out_.put(static_cast<std::underlying_type_t<T>>(value));
  }
  template <typename List>
  void list(const List& values) {
    if (values.size() > UINT32_MAX)
      throw Error(Fault::internal, "a list of over 4 billion things cannot be coded");
    out_.put(static_cast<std::uint32_t>(values.size()));
    for (const auto& value : values) one(value);
  }
  template <typename T>
  void optional(const Boxed<T>& value) {
    out_.put(static_cast<std::uint8_t>(value.has_value()));
    if (value) one(*value);
  }
  // As two strings, since archives were written so before there was the pair; empty where there is none.
  void two_steps(const Boxed<TwoSteps>& steps) {
    out_.put_string(steps ? steps->index_sql : "");
    out_.put_string(steps ? steps->constraint_sql : "");
  }
  template <typename T>
  void one(const T& value) {
    if constexpr (std::is_class_v<T> && !std::same_as<T, std::string>) {
      std::size_t start = out_.bytes().size();
      out_.put(std::uint32_t{0});
      fields(*this, value);
      std::size_t size = out_.bytes().size() - start - 4;
      if (size > UINT32_MAX) throw Error(Fault::internal, "an entry of over 4 GiB cannot be coded");
      auto length = static_cast<std::uint32_t>(size);
      std::memcpy(out_.bytes().data() + start, &length, sizeof length);
    } else {
      (*this)(value);
    }
  }
  template <typename Body>
  void later(Body body) { body(); }
  void reserve(std::size_t bytes) { out_.bytes().reserve(bytes); }
  std::string take() { return std::move(out_.bytes()); }

 private:
  ByteWriter out_;
};

class Decoder {
 public:
  explicit Decoder(ByteView bytes) : in_(bytes, "the catalog") {}

  template <std::integral T>
  requires(!std::same_as<T, bool>) void operator()(T& value) { value = in_.get<T>(); }
  void operator()(bool& value) {
    auto byte = in_.get<std::uint8_t>();
    if (byte > 1) in_.fail("holds a truth value that is neither 0 nor 1");
    value = byte == 1;
  }
  void operator()(std::string& value) { value = in_.get_string(); }
  void operator()(Name& value) { value = std::string(in_.get_string()); }
  template <typename T>
  requires std::is_enum_v<T>
  void choice(T& value, T last, std::string_view what) {
    auto number = in_.get<std::underlying_type_t<T>>();
    if (number == 0) in_.fail(fmt::format("holds a {} of number 0", what));
    if (number > static_cast<std::underlying_type_t<T>>(last)) throw unknown(what, number);
    value = static_cast<T>(number);
  }
  void choice(Kind& value, Kind /*last*/, std::string_view what) {
    auto number = in_.get<std::uint16_t>();
    if (!is_known_kind(number)) throw unknown(what, number);
    value = static_cast<Kind>(number);
  }
  template <typename List>
  void list(List& values) {
    using T = typename List::value_type;
    // Grown as the bytes come: a count alone reserves no more than what stands behind it.
    auto count = in_.get_count(std::is_class_v<T> ? 4 : sizeof(T));
    values.clear();
    for (std::uint32_t i = 0; i < count; ++i) one(values.emplace_back());
  }
  template <typename T>
  void optional(Boxed<T>& value) {
    bool present = false;
    (*this)(present);
    if (present) one(value.emplace());
  }
  void two_steps(Boxed<TwoSteps>& steps) {
    TwoSteps read{std::string(in_.get_string()), std::string(in_.get_string())};
    if (!read.index_sql.empty()) steps = std::move(read);
  }
  // Fields that earlier archives do not have: their records end before them.
  template <typename Body>
  void later(Body body) {
    if (!in_.at_end()) body();
  }
  template <typename T>
  void one(T& value) {
    if constexpr (std::is_class_v<T> && !std::same_as<T, std::string>) {
      Decoder record(in_.take(in_.get<std::uint32_t>()));
      fields(record, value);  // what is left in the record belongs to a later version
    } else {
      (*this)(value);
    }
  }

 private:
  static Error unknown(std::string_view what, unsigned number) {
    return Error(Fault::unsupported,
                 fmt::format("the catalog holds a {} of number {}, which this version does not know", what,
                             number))
        .hint("Use a newer pghaul: the archive was written by one.");
  }
  ByteReader in_;
};

// Codec is Encoder with const values, or Decoder.
void fields(auto& codec, auto& value) requires
    std::same_as<std::remove_const_t<std::remove_reference_t<decltype(value)>>, Origin> {
  codec(value.server_version), codec(value.server_version_text), codec(value.database), codec(value.encoding);
  codec(value.collate), codec(value.ctype), codec(value.locale_provider);
  codec(value.snapshot), codec(value.snapshot_time_us), codec(value.block_size);
  codec.later([&] { codec.list(value.search_path), codec(value.partial); });
}

void fields(auto& codec, auto& value) requires
    std::same_as<std::remove_const_t<std::remove_reference_t<decltype(value)>>, Lock> {
  codec(value.entry), codec.choice(value.mode, LockMode::access_exclusive, "lock mode");
}

void fields(auto& codec, auto& value) requires
    std::same_as<std::remove_const_t<std::remove_reference_t<decltype(value)>>, AclItem> {
  codec(value.grantee), codec(value.privileges), codec(value.grantable), codec(value.grantor);
}

void fields(auto& codec, auto& value) requires
    std::same_as<std::remove_const_t<std::remove_reference_t<decltype(value)>>, Acl> {
  codec(value.object), codec(value.column), codec(value.all), codec(value.owner);
  codec.list(value.initial), codec.list(value.wanted);
}

void fields(auto& codec, auto& value) requires
    std::same_as<std::remove_const_t<std::remove_reference_t<decltype(value)>>, Comment> {
  codec(value.object), codec(value.text);
}

void fields(auto& codec, auto& value) requires
    std::same_as<std::remove_const_t<std::remove_reference_t<decltype(value)>>, SecurityLabel> {
  codec(value.object), codec(value.provider), codec(value.label);
}

void fields(auto& codec, auto& value) requires
    std::same_as<std::remove_const_t<std::remove_reference_t<decltype(value)>>, Extra> {
  codec.choice(value.policy, Extra::Policy::later, "restore policy"), codec(value.sql);
}

void fields(auto& codec, auto& value) requires
    std::same_as<std::remove_const_t<std::remove_reference_t<decltype(value)>>, Requirement> {
  codec.choice(value.what, Requirement::What::object, "requirement");
  codec(value.name), codec(value.detail), codec(value.min_version), codec(value.max_version);
}

void fields(auto& codec, auto& value) requires
    std::same_as<std::remove_const_t<std::remove_reference_t<decltype(value)>>, DataSpec> {
  codec.choice(value.load, DataSpec::Load::large_objects, "way to load");
  codec.choice(value.format, CopyFormat::binary, "COPY format");
  codec(value.binary_allowed), codec(value.source), codec(value.target), codec(value.relation),
      codec(value.column_list);
  codec(value.bytes), codec(value.rows), codec(value.pages), codec(value.can_split);
  codec.later([&] { codec(value.condition); });
}

void fields(auto& codec, auto& value) requires
    std::same_as<std::remove_const_t<std::remove_reference_t<decltype(value)>>, Entry> {
  codec(value.id), codec.choice(value.kind, Kind{}, "kind of object");
  codec.choice(value.section, Section::post_data, "section"), codec(value.late), codec(value.alone);
  codec(value.schema), codec(value.name), codec(value.parent);
  codec(value.create_sql), codec(value.drop_sql), codec.list(value.depends_on), codec.list(value.locks),
      codec(value.size);
  codec(value.owner), codec.list(value.owner_objects), codec(value.tablespace), codec(value.access_method);
  codec.list(value.acls), codec.list(value.comments), codec.list(value.labels);
  codec.list(value.extras), codec.list(value.requires_on_target), codec.optional(value.data);
  codec.later([&] { codec.list(value.inherits), codec(value.unlogged); });
  codec.later([&] { codec.two_steps(value.two_steps); });
  codec.later([&] { codec(value.sort_bytes); });
}

void fields(auto& codec, auto& value) requires
    std::same_as<std::remove_const_t<std::remove_reference_t<decltype(value)>>, Inventory> {
  codec.one(value.origin), codec.list(value.warnings), codec.list(value.entries);
}

// What everything to the right of the catalog relies on.
void check(const Inventory& inventory, Fault fault) {
  auto count = inventory.entries.size();
  for (std::size_t i = 0; i < count; ++i) {
    const Entry& entry = inventory.entries[i];
    auto fail = [&](std::string_view why) {
      throw Error(fault, fmt::format("the catalog's entry {}, {} {}, {}", i + 1, kind_name(entry.kind),
                                     printable(entry.name), why));
    };
    if (entry.id != i + 1) fail("does not have its position as its id");
    if (entry.parent > count) fail("has a parent that does not exist");
    for (EntryId id : entry.depends_on)
      if (id == 0 || id >= entry.id)
        fail(fmt::format("depends on entry {}, which does not come before it", id));
    for (const Lock& lock : entry.locks)
      if (lock.entry > count) fail("locks an entry that does not exist");
    for (EntryId id : entry.inherits)
      if (id == 0 || id > count) fail("inherits from an entry that does not exist");
  }
}

}  // namespace

std::string encode_inventory(const Inventory& inventory) {
  check(inventory, Fault::internal);
  Encoder encoder;
  constexpr std::size_t beside_its_texts = 320;  // of a usual entry; growing by doubling would take twice the room
  std::size_t size = 0;
  for (const Entry& entry : inventory.entries) size += beside_its_texts + entry.create_sql.size() + entry.drop_sql.size();
  encoder.reserve(size);
  fields(encoder, inventory);
  return encoder.take();
}

Inventory decode_inventory(ByteView bytes) {
  Inventory inventory;
  Decoder decoder(bytes);
  fields(decoder, inventory);
  check(inventory, Fault::damaged);
  return inventory;
}

}  // namespace pghaul::format

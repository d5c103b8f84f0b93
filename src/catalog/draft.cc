#include "catalog/draft.h"

#include "base/release.h"

namespace pghaul::catalog {

DraftId Drafts::add(Draft draft) {
  auto id = static_cast<DraftId>(all_.size());
  if (draft.address.catalog) by_address_.insert_or_assign(draft.address, id);
  for (const Address& address : draft.also) by_address_.insert_or_assign(address, id);
  all_.push_back(std::make_unique<Draft>(std::move(draft)));
  return id;
}

void Drafts::settle() {
  for (std::unique_ptr<Draft>& draft : all_) {
    release(draft->also);
    if (draft->text.size() != 1 || !draft->detachables.empty()) continue;
    draft->entry->create_sql = std::move(draft->text.front());
    draft->entry->create_sql.shrink_to_fit();
    release(draft->text);
  }
}

void Drafts::take(Drafts other) {
  auto before = static_cast<DraftId>(all_.size());
  by_address_.reserve(by_address_.size() + other.by_address_.size());
  for (std::unique_ptr<Draft>& draft : other.all_) {
    for (DraftId& id : draft->after) id += before;
    all_.push_back(std::move(draft));
  }
  for (const auto& [address, id] : other.by_address_) by_address_.insert_or_assign(address, before + id);
}

DraftId Drafts::id_of(const Address& address) const {
  auto found = by_address_.find(address);
  if (found == by_address_.end() && address.sub != 0) found = by_address_.find({address.catalog, address.object, 0});
  return found == by_address_.end() ? npos : found->second;
}

Draft* Drafts::find(const Address& address) {
  DraftId id = id_of(address);
  return id == npos ? nullptr : all_[id].get();
}

}  // namespace pghaul::catalog

// A list that is empty in most of the values that have one: then it takes the room of a pointer. Used as a std::vector is;
// copying copies the values. Not thread-safe, as values are not.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <utility>
#include <vector>

#include "base/boxed.h"

namespace pghaul {

template <typename T>
class Few {
 public:
  using value_type = T;
  using iterator = T*;
  using const_iterator = const T*;

  Few() = default;
  Few(std::initializer_list<T> values) : Few(std::vector<T>(values)) {}
  Few(std::vector<T> values) {
    if (!values.empty()) list_ = Boxed<std::vector<T>>(std::move(values));
  }

  operator const std::vector<T>&() const {
    static const std::vector<T> none;
    return list_ ? *list_ : none;
  }

  std::size_t size() const { return list_ ? list_->size() : 0; }
  bool empty() const { return size() == 0; }
  T* begin() { return list_ ? list_->data() : nullptr; }
  T* end() { return begin() + size(); }
  const T* begin() const { return list_ ? list_->data() : nullptr; }
  const T* end() const { return begin() + size(); }
  T& operator[](std::size_t i) { return begin()[i]; }
  const T& operator[](std::size_t i) const { return begin()[i]; }
  // Only where there is a value.
  T& front() { return list_->front(); }
  const T& front() const { return list_->front(); }
  T& back() { return list_->back(); }
  const T& back() const { return list_->back(); }

  void push_back(T value) { here().push_back(std::move(value)); }
  template <typename... Arguments>
  T& emplace_back(Arguments&&... arguments) {
    return here().emplace_back(std::forward<Arguments>(arguments)...);
  }
  void clear() { list_ = {}; }

  // How many were taken out.
  template <typename Predicate>
  friend std::size_t erase_if(Few& few, Predicate predicate) {
    std::size_t gone = few.list_ ? std::erase_if(*few.list_, predicate) : 0;
    if (few.empty()) few.clear();
    return gone;
  }
  friend bool operator==(const Few& a, const Few& b) {
    return a.size() == b.size() && (a.empty() || *a.list_ == *b.list_);
  }

 private:
  std::vector<T>& here() { return list_ ? *list_ : list_.emplace(); }

  Boxed<std::vector<T>> list_;
};

}  // namespace pghaul

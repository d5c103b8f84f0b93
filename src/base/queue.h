// A bounded queue between threads: what makes every stream of pghaul run in constant memory.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <mutex>
#include <optional>

namespace pghaul {

// Any number of producers and consumers. Bounded by a count of items.
// close(): no more pushes; consumers drain what is left and then get nullopt.
// fail(): the other side went wrong; every waiting and later push and pop throws that exception at once.
template <typename T>
class BoundedQueue {
 public:
  explicit BoundedQueue(std::size_t capacity) : capacity_(capacity) {}

  void push(T item) {
    std::unique_lock lock(mutex_);
    room_.wait(lock, [&] { return failure_ || closed_ || items_.size() < capacity_; });
    if (failure_) std::rethrow_exception(failure_);
    if (closed_) return;
    items_.push_back(std::move(item));
    lock.unlock();  // whoever is woken finds the mutex free
    filled_.notify_one();
  }

  // Waits for an item; nullopt once the queue is closed and empty.
  std::optional<T> pop() {
    std::unique_lock lock(mutex_);
    filled_.wait(lock, [&] { return failure_ || closed_ || !items_.empty(); });
    return take(lock);
  }

  // Without waiting; nullopt when there is nothing now.
  std::optional<T> try_pop() {
    std::unique_lock lock(mutex_);
    return take(lock);
  }

  void close() {
    std::lock_guard lock(mutex_);
    closed_ = true;
    filled_.notify_all();
    room_.notify_all();
  }

  void fail(std::exception_ptr failure) {
    std::lock_guard lock(mutex_);
    if (!failure_) failure_ = std::move(failure);
    filled_.notify_all();
    room_.notify_all();
  }

  // True when nothing is left and nothing can come.
  bool drained() const {
    std::lock_guard lock(mutex_);
    return closed_ && items_.empty();
  }

 private:
  std::optional<T> take(std::unique_lock<std::mutex>& lock) {
    if (failure_) std::rethrow_exception(failure_);
    if (items_.empty()) return std::nullopt;
    std::optional<T> item(std::move(items_.front()));
    items_.pop_front();
    lock.unlock();
    room_.notify_one();
    return item;
  }

  const std::size_t capacity_;
  mutable std::mutex mutex_;
  std::condition_variable filled_, room_;
  std::deque<T> items_;
  bool closed_ = false;
  std::exception_ptr failure_;
};

}  // namespace pghaul

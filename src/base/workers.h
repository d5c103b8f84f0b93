// A group of threads that do one job together: the first exception stops the job and is what the caller sees.
#pragma once

#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace pghaul {

class Workers {
 public:
  // on_failure runs once, in the failing thread: it must make the other threads return (fail a queue, cancel a
  // connection). It must not throw.
  explicit Workers(std::function<void(std::exception_ptr)> on_failure) : on_failure_(std::move(on_failure)) {}
  ~Workers() { threads_.clear(); }  // joins

  void start(std::function<void()> body) {
    threads_.emplace_back([this, body = std::move(body)] {
      try {
        body();
      } catch (...) {
        std::exception_ptr first;
        {
          std::lock_guard lock(mutex_);
          if (failure_) return;
          first = failure_ = std::current_exception();
        }
        on_failure_(first);
      }
    });
  }

  // Waits for all threads; throws the first exception.
  void join() {
    threads_.clear();
    std::lock_guard lock(mutex_);
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  std::function<void(std::exception_ptr)> on_failure_;
  std::mutex mutex_;
  std::exception_ptr failure_;
  std::vector<std::jthread> threads_;
};

}  // namespace pghaul

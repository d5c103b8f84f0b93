// Inputs: a regular file (read anywhere), memory (for tests and fuzzing), and a pipe that can be interrupted.
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/error.h"
#include "format/file.h"

namespace pghaul::format {
namespace {

[[noreturn]] void fail_io(const std::string& path, std::string_view doing, int error) {
  throw Error(Fault::io, fmt::format("cannot {} {}: {}", doing, printable(path), strerrordesc_np(error)))
      .hint(error == ENOENT   ? "Check the name."
            : error == EACCES ? "Check its permissions."
                              : "");
}

// Owns a descriptor, except the standard ones.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ > STDERR_FILENO) close(fd_);
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

int open_for_reading(const std::string& path) {
  int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) fail_io(path, "open", errno);
  return fd;
}

struct stat status_of(int fd, const std::string& path) {
  struct stat status;
  if (fstat(fd, &status) != 0) fail_io(path, "look at", errno);
  if (S_ISDIR(status.st_mode)) {
    if (fd > STDERR_FILENO) close(fd);
    fail_io(path, "read", EISDIR);
  }
  return status;
}

class FileBytes final : public Bytes {
 public:
  FileBytes(int fd, std::string path, std::uint64_t size) : fd_(fd), path_(std::move(path)), size_(size) {
    posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
  }
  std::uint64_t size() const override { return size_; }
  ByteView view(std::uint64_t offset, std::size_t size, Buffer& scratch) const override {
    check(offset, size);
    scratch.clear();
    scratch.reserve(size);
    scratch.resize(size);
    read(offset, scratch.data(), size);
    return scratch.view();
  }
  void read(std::uint64_t offset, char* to, std::size_t size) const override {
    check(offset, size);
    for (std::size_t have = 0; have < size;) {
      ssize_t got = pread(fd_.get(), to + have, size - have, static_cast<off_t>(offset + have));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) fail_io(path_, "read", errno);
      if (got == 0)
        throw Error(Fault::incomplete, fmt::format("{} became shorter while it was read", printable(path_)));
      have += static_cast<std::size_t>(got);
    }
  }

 private:
  void check(std::uint64_t offset, std::size_t size) const {
    if (offset > size_ || size > size_ - offset)
      throw Error(Fault::incomplete, fmt::format("{} ends early", printable(path_)));
  }
  Descriptor fd_;
  std::string path_;
  std::uint64_t size_;
};

class MemoryBytes final : public Bytes {
 public:
  explicit MemoryBytes(ByteView bytes) : bytes_(bytes) {}
  std::uint64_t size() const override { return bytes_.size(); }
  ByteView view(std::uint64_t offset, std::size_t size, Buffer& /*scratch*/) const override {
    if (offset > bytes_.size() || size > bytes_.size() - offset)
      throw Error(Fault::incomplete, "the bytes end early");
    return bytes_.substr(offset, size);
  }
  void read(std::uint64_t offset, char* to, std::size_t size) const override {
    Buffer none;
    ByteView from = view(offset, size, none);
    if (size > 0) std::memcpy(to, from.data(), size);
  }

 private:
  ByteView bytes_;
};

class BytesInput final : public Input {
 public:
  explicit BytesInput(std::shared_ptr<const Bytes> bytes) : bytes_(std::move(bytes)) {}
  std::size_t read(char* to, std::size_t size) override {
    size = static_cast<std::size_t>(std::min<std::uint64_t>(size, bytes_->size() - offset_));
    bytes_->read(offset_, to, size);
    offset_ += size;
    return size;
  }
  std::uint64_t skip(std::uint64_t size) override {
    size = std::min(size, bytes_->size() - offset_);
    offset_ += size;
    return size;
  }

 private:
  std::shared_ptr<const Bytes> bytes_;
};

class StreamInput final : public Input {
 public:
  StreamInput(int fd, std::string path)
      : fd_(fd), path_(std::move(path)), wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

  std::size_t read(char* to, std::size_t size) override {
    std::size_t have = 0;
    while (have < size && wait()) {
      ssize_t got = ::read(fd_.get(), to + have, size - have);
      if (got < 0 && (errno == EINTR || errno == EAGAIN)) continue;
      if (got < 0) fail_io(path_, "read", errno);
      if (got == 0) break;
      have += static_cast<std::size_t>(got);
    }
    offset_ += have;
    return have;
  }
  std::uint64_t skip(std::uint64_t size) override {
    char dropped[16384];
    std::uint64_t have = 0;
    while (have < size) {
      auto step = static_cast<std::size_t>(std::min<std::uint64_t>(size - have, sizeof dropped));
      std::size_t got = read(dropped, step);
      have += got;
      if (got < step) break;
    }
    return have;
  }
  void interrupt() noexcept override {
    std::uint64_t one = 1;
    [[maybe_unused]] ssize_t written = write(wake_.get(), &one, sizeof one);
  }

 private:
  // False once it was interrupted.
  bool wait() {
    pollfd both[2] = {{fd_.get(), POLLIN, 0}, {wake_.get(), POLLIN, 0}};
    while (poll(both, 2, -1) < 0)
      if (errno != EINTR) fail_io(path_, "wait for", errno);
    return both[1].revents == 0;
  }

  Descriptor fd_;
  std::string path_;
  Descriptor wake_;
};

}  // namespace

std::shared_ptr<const Bytes> open_bytes(const std::string& path) {
  int fd = open_for_reading(path);
  struct stat status = status_of(fd, path);
  if (!S_ISREG(status.st_mode)) {
    close(fd);
    throw Error(Fault::io, fmt::format("{} is not a file that can be read at any place", printable(path)))
        .hint("Save the stream into a file first.");
  }
  return std::make_shared<FileBytes>(fd, path, static_cast<std::uint64_t>(status.st_size));
}

std::shared_ptr<const Bytes> bytes_in_memory(ByteView bytes) {
  return std::make_shared<MemoryBytes>(bytes);
}

std::unique_ptr<Input> input_from(std::shared_ptr<const Bytes> bytes) {
  return std::make_unique<BytesInput>(std::move(bytes));
}

std::unique_ptr<Input> open_input(const std::string& path) {
  if (path == "-") {
    status_of(STDIN_FILENO, "standard input");
    return std::make_unique<StreamInput>(STDIN_FILENO, "standard input");
  }
  int fd = open_for_reading(path);
  struct stat status = status_of(fd, path);
  if (!S_ISREG(status.st_mode)) return std::make_unique<StreamInput>(fd, path);
  return input_from(std::make_shared<FileBytes>(fd, path, static_cast<std::uint64_t>(status.st_size)));
}

}  // namespace pghaul::format

// Files and pipes as an archive needs them: an output that is whole or absent, and inputs of three kinds.
// Knows nothing of the format. Internal to the module.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/bytes.h"

namespace pghaul::format {

// Append-only. A regular file is written as PATH.partial beside it, and takes its name in finish(); the
// destructor removes one that was not finished. "-" is standard output; a device or a named pipe is written
// as it is. Not thread-safe.
class Output {
 public:
  // Refuses an existing file unless force, before anything is made.
  Output(std::string path, bool force);
  Output(const Output&) = delete;
  ~Output();

  // One after the other. Error(io) names the file, the system's reason and what there is.
  void append(ByteView head, ByteView body = {});
  void finish();  // synced: file, name and directory
  std::uint64_t offset() const { return offset_; }

 private:
  void write_all(ByteView bytes);
  void begin_write_back();
  void open_partial();
  bool lock_partial();
  void rename_partial();
  [[noreturn]] void fail(const std::string& doing, int error) const;

  std::string path_;     // as messages name it
  std::string target_;   // with symbolic links followed; empty: no file to rename to
  std::string partial_;  // exists while not empty
  bool force_;
  int fd_ = -1;
  std::uint64_t offset_ = 0;
  std::uint64_t written_back_ = 0;  // up to here the disk has begun
};

// Bytes of known size, read anywhere. Safe to read from several threads.
class Bytes {
 public:
  virtual ~Bytes() = default;
  virtual std::uint64_t size() const = 0;
  // Exactly these bytes: a view into scratch or into memory; Error(io), or Error(incomplete) past the end.
  virtual ByteView view(std::uint64_t offset, std::size_t size, Buffer& scratch) const = 0;
  virtual void read(std::uint64_t offset, char* to, std::size_t size) const = 0;  // the same, copied
};
std::shared_ptr<const Bytes> open_bytes(const std::string& path);  // Error(io) when it is not a regular file
std::shared_ptr<const Bytes> bytes_in_memory(ByteView bytes);      // the bytes must outlive it

// Bytes from front to back.
class Input {
 public:
  virtual ~Input() = default;
  virtual std::size_t read(char* to, std::size_t size) = 0;  // fewer than size only at the end
  virtual std::uint64_t skip(std::uint64_t size) = 0;        // as read
  virtual void interrupt() noexcept {}                       // a waiting read and all later ones find the end
  std::uint64_t offset() const { return offset_; }

 protected:
  std::uint64_t offset_ = 0;
};
std::unique_ptr<Input> open_input(
    const std::string& path);  // "-" is standard input; files, pipes and devices
std::unique_ptr<Input> input_from(std::shared_ptr<const Bytes> bytes);

}  // namespace pghaul::format

// Output: written beside, synced, renamed. What stops a write (full disk, closed pipe, file size limit)
// becomes an Error, never a signal and never a file that looks whole.
#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "base/error.h"
#include "format/file.h"

namespace pghaul::format {
namespace {

// While it lives, this thread's writes to a closed pipe or over a size limit return an error and raise no
// signal.
class WriteSignalsBlocked {
 public:
  WriteSignalsBlocked() {
    sigemptyset(&ours_), sigaddset(&ours_, SIGPIPE), sigaddset(&ours_, SIGXFSZ);
    sigset_t pending;
    sigpending(&pending);
    was_pending_ = sigismember(&pending, SIGPIPE) || sigismember(&pending, SIGXFSZ);
    pthread_sigmask(SIG_BLOCK, &ours_, &before_);
  }
  ~WriteSignalsBlocked() {
    int error = errno;
    timespec now{};
    if (raised_ && !was_pending_) sigtimedwait(&ours_, nullptr, &now);
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
    errno = error;
  }
  void raised() { raised_ = true; }

 private:
  sigset_t ours_, before_;
  bool was_pending_ = false, raised_ = false;
};

std::string directory_of(const std::string& path) {
  auto parent = std::filesystem::path(path).parent_path();
  return parent.empty() ? "." : parent.string();
}

// Small enough that the disk is never idle for long, large enough to be written in one go.
constexpr std::uint64_t write_back_bytes = std::uint64_t{16} << 20;

}  // namespace

Output::Output(std::string path, bool force) : path_(std::move(path)), force_(force) {
  if (path_ == "-") {
    if (isatty(STDOUT_FILENO))
      throw Error(Fault::usage, "an archive cannot be written to a terminal")
          .hint("Give -f FILE, or pipe the output into something.");
    path_ = "standard output";
    fd_ = STDOUT_FILENO;
    return;
  }
  struct stat there;
  if (stat(path_.c_str(), &there) != 0) {
    if (errno != ENOENT) fail("open", errno);
    target_ = path_;
    open_partial();
    return;
  }
  if (S_ISDIR(there.st_mode)) fail("write", EISDIR);
  if (!S_ISREG(there.st_mode)) {  // a device, a named pipe: there is nothing to replace
    fd_ = open(path_.c_str(), O_WRONLY | O_CLOEXEC);
    if (fd_ < 0) fail("open", errno);
    return;
  }
  if (!force_)
    throw Error(Fault::io, fmt::format("{} exists already", printable(path_)))
        .hint("Give another name, or --force to replace it.");
  target_ = std::filesystem::canonical(path_).string();
  open_partial();
}

// A partial file of a process that lives is left alone; one of a process that was killed is taken over.
void Output::open_partial() {
  std::string partial = target_ + ".partial";
  for (;;) {
    fd_ = open(partial.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (fd_ < 0) fail("create", errno);
    partial_ = partial;
    if (lock_partial()) break;
    close(fd_);
  }
  if (ftruncate(fd_, 0) == 0) return;
  int error = errno;
  close(fd_), unlink(partial_.c_str());
  fail("empty", error);
}

// False: the name belongs to another file by now, try again.
bool Output::lock_partial() {
  if (flock(fd_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
    close(fd_);
    std::string partial = std::exchange(partial_, {});
    throw Error(Fault::io, fmt::format("{} is being written by another process", printable(partial)))
        .hint("Wait until it is done, or write to another file.");
  }
  struct stat opened, named;
  return fstat(fd_, &opened) == 0 && stat(partial_.c_str(), &named) == 0 && opened.st_ino == named.st_ino &&
         opened.st_dev == named.st_dev;
}

Output::~Output() {
  if (fd_ >= 0 && fd_ != STDOUT_FILENO) close(fd_);
  if (!partial_.empty()) unlink(partial_.c_str());
}

void Output::fail(const std::string& doing, int error) const {
  std::string left =
      partial_.empty() ? "What was written is not a whole archive." : "The unfinished file is removed.";
  std::string advice = error == ENOSPC || error == EDQUOT ? "Free space there, or write somewhere else."
                     : error == EPIPE ? "The program that reads the pipe has ended: see its message."
                     : error == EFBIG ? "Raise the limit on file sizes (ulimit -f), or write somewhere else."
                                      : "Check the name and its permissions, or write somewhere else.";
  auto written = offset_ == 0 ? std::string() : fmt::format(" after {} bytes", offset_);
  if (offset_ == 0 && partial_.empty()) left.clear();
  throw Error(Fault::io,
              fmt::format("cannot {} {}{}: {}", doing, printable(path_), written, strerrordesc_np(error)))
      .hint(left.empty() ? advice : left + " " + advice);
}

void Output::append(ByteView head, ByteView body) {
  write_all(head);
  write_all(body);
  if (!target_.empty() && offset_ - written_back_ >= write_back_bytes) begin_write_back();
}

// The kernel would keep gigabytes until the fsync at the end, which then waits for all of them. Only begins: what cannot be
// written fails there, as before.
void Output::begin_write_back() {
  sync_file_range(fd_, static_cast<off64_t>(written_back_), static_cast<off64_t>(offset_ - written_back_), SYNC_FILE_RANGE_WRITE);
  written_back_ = offset_;
}

void Output::write_all(ByteView bytes) {
  WriteSignalsBlocked blocked;
  while (!bytes.empty()) {
    ssize_t written = write(fd_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) {
      int error = written < 0 ? errno : EIO;
      if (error == EPIPE || error == EFBIG) blocked.raised();
      fail("write", error);
    }
    offset_ += static_cast<std::uint64_t>(written);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

void Output::rename_partial() {
  unsigned flags = force_ ? 0 : RENAME_NOREPLACE;
  int result = renameat2(AT_FDCWD, partial_.c_str(), AT_FDCWD, target_.c_str(), flags);
  if (result != 0 && flags != 0 &&
      (errno == EINVAL || errno == ENOSYS)) {  // a file system that cannot refuse for us
    if (access(target_.c_str(), F_OK) == 0)
      errno = EEXIST;
    else
      result = rename(partial_.c_str(), target_.c_str());
  }
  if (result != 0) fail("give its name to", errno);
  partial_.clear();
}

void Output::finish() {
  if (target_.empty()) {
    if (fsync(fd_) != 0 && errno != EINVAL && errno != EROFS && errno != ENOTSUP)
      fail("sync", errno);  // EINVAL: a pipe
  } else {
    if (fsync(fd_) != 0) fail("sync", errno);
    rename_partial();
    int directory = open(directory_of(target_).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool synced = directory >= 0 && (fsync(directory) == 0 || errno == EINVAL);
    int error = errno;
    if (directory >= 0) close(directory);
    if (!synced) fail("sync the directory of", error);
  }
  int fd = std::exchange(fd_, -1);
  if (close(fd) != 0 && errno != EINTR) fail("close", errno);
}

}  // namespace pghaul::format

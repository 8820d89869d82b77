#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "record/record_target.h"

namespace retake {
namespace {

// Plain write(2), whole records at a time: what has been written is there when the process is killed, and a
// reader of the file can follow.
class RecordFile final : public RecordTarget {
 public:
  // A new one may have a name of its own until it holds something.
  RecordFile(std::string path, int fd, std::string newName = {})
      : m_path(std::move(path)), m_newName(std::move(newName)), m_fd(fd) {}
  RecordFile(std::string path, int fd, std::uint64_t continuedFrom)
      : m_path(std::move(path)), m_fd(fd), m_size(continuedFrom), m_isContinued(true) {}
  ~RecordFile() override {
    if (m_fd >= 0) ::close(m_fd);
    if (!m_newName.empty()) ::unlink(m_newName.c_str());
  }

  Result<void> begin(std::string head) override {
    if (m_isContinued) return {};
    if (m_size > 0 && !truncate(0)) return failure("cannot be written", errno);
    m_size = 0;
    if (auto done = write({head, {}}); !done || m_newName.empty()) return done;
    if (::rename(m_newName.c_str(), m_path.c_str()) != 0) return failure("cannot be replaced", errno);
    m_newName.clear();
    return {};
  }

  Result<void> append(ByteView records, ByteView rest) override { return write({records, rest}); }

  // Beside an append().
  Result<void> sync() override {
    if (auto there = checkThere(); !there) return there;
    if (::fdatasync(m_fd) == 0 || errno == EINVAL || errno == EROFS) return {};  // a pipe has nothing to sync
    return Error{m_path + ": cannot be synced: " + std::strerror(errno)};
  }

  Result<void> close() override {
    auto done = sync();
    const int fd = std::exchange(m_fd, -1);
    if (::close(fd) != 0 && done) return failure("cannot be closed", errno);
    return done;
  }

 private:
  // Both, one behind the other.
  Result<void> write(std::array<ByteView, 2> parts) {
    const std::size_t size = parts[0].size() + parts[1].size();
    for (std::size_t written = 0; written < size;) {
      std::array<iovec, 2> rest{};
      for (std::size_t i = 0; i < parts.size(); ++i)
        rest[i] = {const_cast<char*>(parts[i].data()), parts[i].size()};
      const ssize_t n = ::writev(m_fd, rest.data(), static_cast<int>(rest.size()));
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) {
        const int error = errno;
        // A full disk still lets go: the file ends with the last whole record.
        const bool whole = written == 0 || truncate(m_size);
        return failure(whole ? "cannot be written" : "cannot be written, and ends in half a record", error);
      }
      written += static_cast<std::size_t>(n);
      const std::size_t first = std::min(parts[0].size(), static_cast<std::size_t>(n));
      parts[0].remove_prefix(first);
      parts[1].remove_prefix(static_cast<std::size_t>(n) - first);
    }
    m_size += size;
    m_whole = m_size;
    return {};
  }
  // Whether the path still leads to what is written, and all of that is there.
  Result<void> checkThere() const {
    const std::uint64_t whole = m_whole;  // first: more may be appended while the file is looked at
    struct stat mine {};
    struct stat there {};
    if (::fstat(m_fd, &mine) != 0 || !S_ISREG(mine.st_mode)) return {};
    const bool found = ::stat(m_path.c_str(), &there) == 0;
    if (!found || there.st_dev != mine.st_dev || there.st_ino != mine.st_ino)
      return Error{m_path + ": expected the file that is recorded into, found " +
                   (found ? "another one in its place" : "none") + "; what came behind that is lost"};
    if (static_cast<std::uint64_t>(mine.st_size) < whole)
      return Error{m_path + ": expected at least the " + std::to_string(whole) +
                   " bytes that were recorded, found " + std::to_string(mine.st_size) +
                   "; somebody else has cut the file"};
    return {};
  }
  bool truncate(std::uint64_t size) {
    const auto end = static_cast<off_t>(size);
    return ::ftruncate(m_fd, end) == 0 && ::lseek(m_fd, end, SEEK_SET) == end;
  }
  Error failure(const char* what, int error) const {
    return Error{m_path + ": " + what + ": " + std::strerror(error) + "; it holds " + std::to_string(m_size) +
                     " bytes",
                 m_size};
  }

  const std::string m_path;
  std::string m_newName;
  int m_fd;
  std::uint64_t m_size = 0;
  std::atomic<std::uint64_t> m_whole{0};  // m_size, for whoever syncs
  const bool m_isContinued = false;
};

Error cannotOpen(const std::string& path, int error) {
  return Error{path + ": cannot record into it: " + std::strerror(error)};
}

Error isRecordedInto(const std::string& path) {
  return Error{path + ": cannot record into it: another recorder is writing to it"};
}

// What a symbolic link leads to, whether that is there or not; the link stays.
std::string behindLink(const std::string& name) {
  std::error_code none;
  std::filesystem::path path = name;
  for (int depth = 0; depth < 40 && std::filesystem::is_symlink(std::filesystem::symlink_status(path, none));
       ++depth)
    path = path.parent_path() / std::filesystem::read_symlink(path, none);
  return path.string();
}

// Of a file that is there and that another recorder has.
bool isLocked(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return false;
  const bool locked = ::flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  ::close(fd);
  return locked;
}

}  // namespace

Result<std::unique_ptr<RecordTarget>> createRecordFile(const std::string& name) {
  const std::string path = behindLink(name);
  struct stat info {};
  const bool exists = ::stat(path.c_str(), &info) == 0;
  const bool isRegular = exists && S_ISREG(info.st_mode);
  if (exists && S_ISDIR(info.st_mode)) return cannotOpen(path, EISDIR);
  if (exists && (S_ISFIFO(info.st_mode) || S_ISSOCK(info.st_mode)))
    return Error{path + ": cannot record into it: expected a file, found a " +
                 (S_ISFIFO(info.st_mode) ? "pipe" : "socket")};
  if (isRegular && ::access(path.c_str(), W_OK) != 0) return cannotOpen(path, errno);
  if (isRegular && isLocked(path)) return isRecordedInto(path);
  // What is no regular file, as /dev/full, is written to as it stands. Others not: whoever has the old file
  // open, and reads it piece by piece, keeps what it was, and it stays where nothing can be written.
  const bool inPlace = exists && !isRegular;
  std::string newName;
  int fd = inPlace ? ::open(path.c_str(), O_RDWR | O_CLOEXEC) : -1;
  for (int i = 0; !inPlace && fd < 0 && (i == 0 || errno == EEXIST); ++i) {
    newName = path + ".new-" + std::to_string(::getpid()) + "-" + std::to_string(i);
    fd = ::open(newName.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_EXCL, 0666);
  }
  if (fd < 0) return cannotOpen(path, errno);
  auto file = std::make_unique<RecordFile>(path, fd, newName);
  // Those who may not read the old one may not read the new one.
  if (isRegular && ::fchmod(fd, info.st_mode & 07777) != 0) return cannotOpen(path, errno);
  if (isRegular && ::fchown(fd, info.st_uid, info.st_gid) != 0) {
    // Only root may give files away: it is ours then.
  }
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) return isRecordedInto(path);
  return std::unique_ptr<RecordTarget>(std::move(file));
}

Result<std::unique_ptr<RecordTarget>> continueRecordFile(const std::string& path, std::uint64_t size) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
  if (fd < 0) return cannotOpen(path, errno);
  auto file = std::make_unique<RecordFile>(path, fd, size);
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0)
    return errno == EWOULDBLOCK ? isRecordedInto(path) : cannotOpen(path, errno);
  struct stat info {};
  if (::fstat(fd, &info) != 0) return cannotOpen(path, errno);
  if (static_cast<std::uint64_t>(info.st_size) != size)
    return Error{path + ": cannot record into it: expected the " + std::to_string(size) +
                 " bytes that were read, found " + std::to_string(info.st_size)};
  if (::lseek(fd, 0, SEEK_END) < 0) return cannotOpen(path, errno);
  return std::unique_ptr<RecordTarget>(std::move(file));
}

}  // namespace retake

#include "base/byte_source.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <new>
#include <utility>

#include "base/system_text.h"

namespace retake {
namespace {

// One read call at most this much, so that a cancelled process is not stuck in the kernel.
constexpr std::size_t kReadStep = 64u << 20;

class FileDescriptor {
 public:
  explicit FileDescriptor(int fd) : m_fd(fd) {}
  FileDescriptor(FileDescriptor&& other) noexcept : m_fd(std::exchange(other.m_fd, -1)) {}
  FileDescriptor& operator=(FileDescriptor&&) = delete;
  ~FileDescriptor() {
    if (m_fd >= 0) ::close(m_fd);
  }
  int get() const { return m_fd; }

 private:
  int m_fd;
};

FileStamp stampOf(const struct stat& info) {
  return {.device = static_cast<std::uint64_t>(info.st_dev),
          .inode = static_cast<std::uint64_t>(info.st_ino),
          .size = static_cast<std::uint64_t>(info.st_size),
          .modifiedNs = std::int64_t{info.st_mtim.tv_sec} * 1'000'000'000 + info.st_mtim.tv_nsec};
}

Error pastTheEnd(const std::string& name, std::uint64_t offset, std::uint64_t length, std::uint64_t size) {
  const std::uint64_t left = offset < size ? size - offset : 0;
  return {name + ": expected " + std::to_string(length) + " bytes at byte " + std::to_string(offset) +
              ", found " + std::to_string(left),
          offset};
}

Error noMemory(const std::string& name, std::uint64_t length) {
  return {name + ": not enough memory for " + std::to_string(length) + " bytes"};
}

class BufferSource final : public ByteSource {
 public:
  BufferSource(std::shared_ptr<const void> owner, ByteView bytes, std::string name)
      : m_owner(std::move(owner)), m_bytes(bytes), m_name(std::move(name)) {}

  const std::string& name() const override { return m_name; }
  std::uint64_t size() const override { return m_bytes.size(); }
  ByteView buffer() const override { return m_bytes; }
  Result<void> checkIntact() const override { return {}; }
  Result<Blob> read(std::uint64_t offset, std::uint64_t length) const override {
    if (offset > m_bytes.size() || length > m_bytes.size() - offset)
      return pastTheEnd(m_name, offset, length, m_bytes.size());
    return Blob{m_bytes.substr(offset, length), m_owner};
  }

 private:
  std::shared_ptr<const void> m_owner;
  ByteView m_bytes;
  std::string m_name;
};

class FileSource final : public ByteSource {
 public:
  FileSource(FileDescriptor file, FileStamp stamp, std::string name)
      : m_file(std::move(file)), m_stamp(stamp), m_name(std::move(name)) {}

  const std::string& name() const override { return m_name; }
  std::uint64_t size() const override { return m_stamp.size; }
  ByteView buffer() const override { return {}; }

  Result<void> checkIntact() const override {
    struct stat info {};
    if (::fstat(m_file.get(), &info) != 0) return Error{m_name + ": " + systemText(errno)};
    const FileStamp now = stampOf(info);
    if (now == m_stamp) return {};
    return Error{m_name + ": changed by another program since it was opened: expected " +
                 std::to_string(m_stamp.size) + " bytes as they were then, found " +
                 (now.size == m_stamp.size ? "other ones" : std::to_string(now.size) + " bytes")};
  }

  Result<Blob> read(std::uint64_t offset, std::uint64_t length) const override {
    if (offset > size() || length > size() - offset) return pastTheEnd(m_name, offset, length, size());
    const std::shared_ptr<char> bytes(new (std::nothrow) char[length + 1], std::default_delete<char[]>());
    if (!bytes) return noMemory(m_name, length);
    std::uint64_t got = 0;
    while (got < length) {
      const ssize_t n =
          ::pread(m_file.get(), bytes.get() + got, std::min<std::uint64_t>(length - got, kReadStep),
                  static_cast<off_t>(offset + got));
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return Error{m_name + ": " + systemText(errno), offset};
      if (n == 0) break;
      got += static_cast<std::uint64_t>(n);
    }
    // After the read, so that what is handed out was there before any change that this can see.
    if (auto intact = checkIntact(); !intact) return Error{intact.error().message, offset};
    if (got < length)
      return Error{m_name + ": expected " + std::to_string(length) + " bytes at byte " +
                       std::to_string(offset) + ", found " + std::to_string(got),
                   offset};
    return Blob{ByteView(bytes.get(), length), bytes};
  }

 private:
  FileDescriptor m_file;
  FileStamp m_stamp;
  std::string m_name;
};

// Asks the kernel for pages of 2 MiB: faulting a file of 14 MB in by 4 KiB takes longer than copying it.
void useHugePages(char* begin, std::size_t size) {
  constexpr std::uintptr_t kPage = 2u << 20;
  const auto first = (reinterpret_cast<std::uintptr_t>(begin) + kPage - 1) / kPage * kPage;
  const auto last = (reinterpret_cast<std::uintptr_t>(begin) + size) / kPage * kPage;
  // Where the kernel has none, nothing is lost.
  if (begin && first < last) (void)::madvise(reinterpret_cast<void*>(first), last - first, MADV_HUGEPAGE);
}

// Reads to the end, whatever the size said: a pipe has none, and a file may be growing.
Result<std::shared_ptr<const ByteSource>> readWhole(int fd, std::uint64_t sizeHint, const std::string& name) {
  // malloc, not a vector: a gigabyte need not be cleared before it is overwritten.
  std::size_t capacity = static_cast<std::size_t>(sizeHint) + 1;
  auto release = [](char* p) { std::free(p); };
  std::unique_ptr<char, decltype(release)> buffer(static_cast<char*>(std::malloc(capacity)), release);
  useHugePages(buffer.get(), capacity);
  std::size_t size = 0;
  for (;;) {
    if (buffer && size == capacity) {
      capacity *= 2;
      char* grown = static_cast<char*>(std::realloc(buffer.get(), capacity));
      if (grown) {
        (void)buffer.release();
        buffer.reset(grown);
      } else {
        buffer.reset();
      }
    }
    if (!buffer) return noMemory(name, capacity);
    const ssize_t n = ::read(fd, buffer.get() + size, std::min(capacity - size, kReadStep));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return Error{name + ": " + systemText(errno)};
    if (n == 0) break;
    size += static_cast<std::size_t>(n);
  }
  std::shared_ptr<const char> owner(std::move(buffer));
  return std::shared_ptr<const ByteSource>(
      std::make_shared<BufferSource>(owner, ByteView(owner.get(), size), name));
}

}  // namespace

Result<std::shared_ptr<const ByteSource>> openSource(const std::string& path, const OpenOptions& options) {
  if (path == "-") return readWhole(STDIN_FILENO, 1u << 16, "standard input");
  FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return Error{path + ": cannot be opened: " + systemText(errno)};
  struct stat info {};
  if (::fstat(file.get(), &info) != 0) return Error{path + ": " + systemText(errno)};
  if (S_ISDIR(info.st_mode)) return Error{path + ": expected a file, found a directory"};
  const FileStamp stamp = stampOf(info);
  if (!S_ISREG(info.st_mode)) return readWhole(file.get(), 1u << 16, path);
  if (stamp.size <= options.wholeUpTo) return readWhole(file.get(), stamp.size, path);
  return std::shared_ptr<const ByteSource>(std::make_shared<FileSource>(std::move(file), stamp, path));
}

std::shared_ptr<const ByteSource> sourceFromBytes(std::string bytes, std::string name) {
  auto owner = std::make_shared<const std::string>(std::move(bytes));
  return std::make_shared<BufferSource>(owner, *owner, std::move(name));
}

Result<FileStamp> fileStamp(const std::string& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) return Error{path + ": " + systemText(errno)};
  return stampOf(info);
}

}  // namespace retake

#include "base/atomic_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace retake {
namespace {

constexpr std::size_t kBufferSize = 1u << 20;

std::string folderOf(const std::string& path) {
  const auto slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

// The file that `path` stands for: a link is replaced at its end, not at its name.
std::string resolved(const std::string& path) {
  char buffer[PATH_MAX];
  return ::realpath(path.c_str(), buffer) ? std::string(buffer) : path;
}

// A file beside `path` that did not exist. Not mkstemp: the kernel applies the umask here.
int createBeside(const std::string& path, std::string& name) {
  static std::atomic<unsigned> counter{0};
  for (int attempt = 0; attempt < 100; ++attempt) {
    name = path + "." + std::to_string(::getpid()) + "-" + std::to_string(counter++) + ".tmp";
    const int fd = ::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd >= 0 || errno != EEXIST) return fd;
  }
  return -1;
}

}  // namespace

AtomicFile::AtomicFile(std::string path) : m_path(std::move(path)) {}

AtomicFile::~AtomicFile() {
  if (m_fd >= 0) ::close(m_fd);
  if (!m_temporary.empty()) ::unlink(m_temporary.c_str());
}

Error AtomicFile::failure(const char* doing, int error) const {
  return {m_path + ": cannot be " + doing + ": " + std::strerror(error)};
}

Result<void> AtomicFile::open() {
  m_path = resolved(m_path);
  struct stat info {};
  const bool exists = ::stat(m_path.c_str(), &info) == 0;
  if (exists) {
    if (S_ISDIR(info.st_mode)) return failure("written", EISDIR);
    // Rename would succeed in a writable folder; a file that is marked read-only is meant to stay.
    if (::access(m_path.c_str(), W_OK) != 0) return failure("written", errno);
  }
  m_fd = createBeside(m_path, m_temporary);
  if (m_fd < 0) {
    const int error = errno;
    m_temporary.clear();
    return failure("written", error);
  }
  if (exists && ::fchmod(m_fd, info.st_mode & 07777) != 0) return failure("written", errno);
  m_pending.reserve(kBufferSize);
  return {};
}

Result<void> AtomicFile::write(ByteView bytes) {
  if (m_pending.size() + bytes.size() > kBufferSize)
    if (auto flushed = flush(); !flushed) return flushed;
  m_pending.append(bytes);
  return m_pending.size() > kBufferSize ? flush() : Result<void>{};
}

Result<void> AtomicFile::flush() {
  std::size_t written = 0;
  while (written < m_pending.size()) {
    const ssize_t n = ::write(m_fd, m_pending.data() + written, m_pending.size() - written);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return failure("written", errno);
    written += static_cast<std::size_t>(n);
  }
  m_pending.clear();
  return {};
}

Result<void> AtomicFile::commit() {
  if (auto flushed = flush(); !flushed) return flushed;
  if (::fsync(m_fd) != 0) return failure("written", errno);
  if (::close(std::exchange(m_fd, -1)) != 0) return failure("written", errno);
  if (::rename(m_temporary.c_str(), m_path.c_str()) != 0) return failure("replaced", errno);
  m_temporary.clear();
  // The new name is durable only once its folder is.
  if (const int folder = ::open(folderOf(m_path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); folder >= 0) {
    ::fsync(folder);
    ::close(folder);
  }
  return {};
}

}  // namespace retake

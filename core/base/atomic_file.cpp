#include "base/atomic_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <utility>

namespace retake {
namespace {

// As many links as Linux follows before it says ELOOP.
constexpr int kMaxLinks = 40;

std::string folderOf(const std::string& path) {
  const auto slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

// The file that `path` stands for: a link is replaced at its end, not at its name. A link may lead to
// a file that is yet to be made, so realpath() alone will not do. Nothing for links that go on and on.
std::optional<std::string> resolved(std::string path) {
  for (int links = 0; links <= kMaxLinks; ++links) {
    char buffer[PATH_MAX];
    if (::realpath(path.c_str(), buffer)) return std::string(buffer);
    const ssize_t length = ::readlink(path.c_str(), buffer, sizeof buffer);
    if (length < 0) return path;
    const std::string target(buffer, static_cast<std::size_t>(length));
    path = target.starts_with('/') ? target : folderOf(path) + "/" + target;
  }
  return std::nullopt;
}

// A file beside `path` that did not exist. Not mkstemp: the kernel applies the umask here. The name
// owes nothing to the target's, which may be as long as a name can be.
int createBeside(const std::string& path, std::string& name) {
  static std::atomic<unsigned> counter{0};
  for (int attempt = 0; attempt < 100; ++attempt) {
    name =
        folderOf(path) + "/.retake-" + std::to_string(::getpid()) + "-" + std::to_string(counter++) + ".tmp";
    const int fd = ::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd >= 0 || errno != EEXIST) return fd;
  }
  return -1;
}

// False when the file may end up readable for others than the target was.
bool takeOver(int fd, const struct stat& target) {
  struct stat made {};
  if (::fstat(fd, &made) != 0) return false;
  if ((made.st_uid != target.st_uid || made.st_gid != target.st_gid) &&
      ::fchown(fd, target.st_uid, target.st_gid) != 0) {
    // Only root can give files away: then the new file is the saver's, as with any editor.
  }
  if ((made.st_mode & 07777) == (target.st_mode & 07777)) return true;
  return ::fchmod(fd, target.st_mode & 07777) == 0;
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
  const auto end = resolved(m_path);
  if (!end) return failure("written", ELOOP);
  const std::string& target = *end;
  struct stat info {};
  const bool exists = ::stat(target.c_str(), &info) == 0;
  if (exists) {
    if (S_ISDIR(info.st_mode)) return failure("written", EISDIR);
    // Rename would succeed in a writable folder; a file that is marked read-only is meant to stay.
    if (::faccessat(AT_FDCWD, target.c_str(), W_OK, AT_EACCESS) != 0) return failure("written", errno);
  }
  if (exists && !S_ISREG(info.st_mode)) {
    m_fd = ::open(m_path.c_str(), O_WRONLY | O_CLOEXEC);
    if (m_fd < 0) return failure("written", errno);
  } else {
    m_fd = createBeside(target, m_temporary);
    if (m_fd < 0) {
      const int error = errno;
      m_temporary.clear();
      return failure("written", error);
    }
    if (exists && !takeOver(m_fd, info)) return failure("written", errno);
  }
  m_sink.emplace(m_fd, m_path);
  if (!m_temporary.empty()) m_path = target;
  return {};
}

Result<void> AtomicFile::write(ByteView bytes) { return m_sink->write(bytes); }

Result<void> AtomicFile::commit() {
  if (auto flushed = m_sink->flush(); !flushed) return flushed;
  // EINVAL: a pipe or a device, which has nothing to sync.
  if (::fsync(m_fd) != 0 && errno != EINVAL) return failure("written", errno);
  if (::close(std::exchange(m_fd, -1)) != 0) return failure("written", errno);
  if (m_temporary.empty()) return {};
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

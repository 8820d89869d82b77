#include <fcntl.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <thread>

#include "base/system_text.h"
#include "serve/endpoint_kind.h"
#include "serve/endpoint_server.h"
#include "serve/socket_connections.h"

// How a path gets a socket that answers, and only one. gRPC binds any path: where a socket is there already,
// it removes it first, and when it ends, whatever socket is there then. So it binds a name of its own beside
// the path, which is renamed once it listens, if nothing else stands there. Starters of one folder take turns
// (flock), since two that find the same dead socket would each replace it, the second one a live one. The
// name is below /proc/self/fd, and so never longer than a socket's name may be.
namespace retake {
namespace {

constexpr std::string_view kScheme = "unix:";
constexpr std::size_t kMaxPath = sizeof(sockaddr_un::sun_path) - 1;
// A starter holds the folder for some milliseconds.
constexpr std::chrono::seconds kLockBound(5);

sockaddr_un addressOf(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, kMaxPath);
  return address;
}

class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : m_fd(fd) {}
  ~Descriptor() {
    if (m_fd >= 0) ::close(m_fd);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return m_fd; }

 private:
  const int m_fd;
};

// What connect() or bind() says: 0, or errno.
int tryAt(const std::string& path, int (*act)(int, const sockaddr*, socklen_t)) {
  const Descriptor fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (fd.get() < 0) return errno;
  const sockaddr_un address = addressOf(path);
  return act(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 ? 0 : errno;
}

// The turn of a starter, until it is destroyed. A file system without locks has none: there it is always
// ours.
class Turn {
 public:
  explicit Turn(int folder) : m_folder(folder) {
    const auto end = std::chrono::steady_clock::now() + kLockBound;
    while (::flock(folder, LOCK_EX | LOCK_NB) != 0) {
      if (errno == EINTR) continue;
      if (errno != EWOULDBLOCK) return;
      m_ours = std::chrono::steady_clock::now() < end;
      if (!m_ours) return;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  }
  ~Turn() { ::flock(m_folder, LOCK_UN); }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  bool isOurs() const { return m_ours; }

 private:
  const int m_folder;
  bool m_ours = true;
};

class UnixEndpoint final : public Endpoint {
 public:
  // `folder` is open, and becomes this one's.
  UnixEndpoint(int folder, std::string file, const EndpointSecurity& security,
               const std::shared_ptr<Serving>& serving)
      : m_folder(folder), m_file(std::move(file)), m_server(serving, security.credentials) {
    static std::atomic<unsigned> count{0};
    m_ownName = ".retake-" + std::to_string(::getpid()) + "-" + std::to_string(++count);
  }

  ~UnixEndpoint() override {
    if (address().empty()) return;
    // No new connection from here on. A file that somebody else has put there since is not ours to remove.
    struct stat now {};
    if (::fstatat(m_folder.get(), m_file.c_str(), &now, AT_SYMLINK_NOFOLLOW) == 0 &&
        now.st_dev == m_socket.st_dev && now.st_ino == m_socket.st_ino)
      ::unlinkat(m_folder.get(), m_file.c_str(), 0);
    closeConnections([this](const SocketName& local) { return local.path == pathOf(m_ownName); },
                     m_server.closeBound());
  }

  // `path` is where the address leads to.
  Result<void> open(const std::string& address, const std::string& path, const EndpointSecurity& security) {
    const Turn turn(m_folder.get());
    if (!turn.isOurs()) return Error{"another program keeps the folder locked"};
    if (auto free = makeFree(path); !free) return free.error();
    // gRPC only logs why it cannot.
    if (const int error = tryAt(pathOf(m_ownName), ::bind); error != 0) return Error{systemText(error)};
    ::unlinkat(m_folder.get(), m_ownName.c_str(), 0);
    int error = 0;
    const bool started = m_server.start(kScheme.data() + pathOf(m_ownName), [&](int) {
      error = takePath();
      return error == 0 ? address : std::string();
    });
    if (!started) {
      ::unlinkat(m_folder.get(), m_ownName.c_str(), 0);
      return Error{error == EEXIST ? "the address is in use"
                                   : "the socket cannot be made: " + systemText(error != 0 ? error : EIO)};
    }
    if (!security.warning.empty()) m_warning = address + ": " + security.warning;
    return {};
  }

  const std::string& address() const override { return m_server.address(); }
  std::string warning() const override { return m_warning; }

 private:
  std::string pathOf(const std::string& name) const {
    return "/proc/self/fd/" + std::to_string(m_folder.get()) + "/" + name;
  }

  // Removes a socket on which nobody answers.
  Result<void> makeFree(const std::string& path) {
    struct stat found {};
    if (::fstatat(m_folder.get(), m_file.c_str(), &found, AT_SYMLINK_NOFOLLOW) != 0)
      return errno == ENOENT ? Result<void>() : Error{systemText(errno)};
    if (!S_ISSOCK(found.st_mode)) return Error{"expected a socket or nothing there, found a file or folder"};
    const int error = tryAt(path, ::connect);
    if (error == ENOENT) return {};
    if (error == EACCES || error == EPERM) return Error{"a socket is there: " + systemText(error)};
    if (error != ECONNREFUSED) return Error{"the address is in use"};
    if (::unlinkat(m_folder.get(), m_file.c_str(), 0) != 0 && errno != ENOENT)
      return Error{"a dead socket cannot be removed: " + systemText(errno)};
    return {};
  }

  // 0, or errno.
  int takePath() {
    const int folder = m_folder.get();
    if (::renameat2(folder, m_ownName.c_str(), folder, m_file.c_str(), RENAME_NOREPLACE) != 0) {
      if (errno != EINVAL && errno != ENOSYS) return errno;
      // The file system has no such renaming.
      if (::linkat(folder, m_ownName.c_str(), folder, m_file.c_str(), 0) != 0) return errno;
      ::unlinkat(folder, m_ownName.c_str(), 0);
    }
    return ::fstatat(folder, m_file.c_str(), &m_socket, AT_SYMLINK_NOFOLLOW) == 0 ? 0 : errno;
  }

  const Descriptor m_folder;
  const std::string m_file;
  std::string m_ownName;
  std::string m_warning;
  struct stat m_socket {};
  EndpointServer m_server;  // ends first
};

// "unix:/path", "unix:relative", "unix:///path". A path that answers is in use; a socket on which nobody
// answers is replaced; anything else that stands there is left alone. Our socket file goes when we do.
Result<std::unique_ptr<Endpoint>> openUnix(std::string_view address, const EndpointSecurity& security,
                                           const std::shared_ptr<Serving>& serving) {
  std::string path(address.substr(kScheme.size()));
  if (path.starts_with("//")) path.erase(0, 2);
  if (path.empty() || path.find('\0') != std::string::npos)
    return Error{"expected a path behind unix:, as in unix:/tmp/retake.sock"};
  if (path.size() > kMaxPath)
    return Error{"expected a path of at most " + std::to_string(kMaxPath) +
                 " bytes, which is what a socket takes, found " + std::to_string(path.size())};
  const std::size_t slash = path.rfind('/');
  const std::string file = path.substr(slash + 1);
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  if (file.empty() || file == "." || file == "..")
    return Error{"expected the path of a socket, found a folder"};
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return Error{"the folder " + folder + ": " + systemText(errno)};
  auto endpoint = std::make_unique<UnixEndpoint>(descriptor, file, security, serving);
  if (auto opened = endpoint->open(std::string(address), path, security); !opened) return opened.error();
  return std::unique_ptr<Endpoint>(std::move(endpoint));
}

}  // namespace

extern const EndpointKind kUnixEndpoint;
const EndpointKind kUnixEndpoint = {[](std::string_view address) { return address.starts_with(kScheme); },
                                    openUnix};

}  // namespace retake

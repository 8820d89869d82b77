#include <fcntl.h>
#include <grpcpp/grpcpp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <QTemporaryDir>
#include <QTest>
#include <barrier>
#include <filesystem>
#include <fstream>
#include <thread>

#include "served.h"
#include "support/certificates.h"
#include "support/replay_file.h"

using namespace retake;
using test::contentOf;
using test::field;
using test::serve;
using test::simple;
using test::unary;
namespace fs = std::filesystem;

namespace {

// A socket that is not ours, at a path.
class Foreign {
 public:
  explicit Foreign(const std::string& path, int type = SOCK_STREAM) : m_fd(::socket(AF_UNIX, type, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    m_bound = ::bind(m_fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  }
  ~Foreign() { ::close(m_fd); }
  bool isBound() const { return m_bound; }
  bool listen(int backlog) const { return ::listen(m_fd, backlog) == 0; }

 private:
  int m_fd;
  bool m_bound = false;
};

// A socket file whose owner is gone.
bool leaveDeadSocket(const std::string& path) {
  const Foreign gone(path);
  return gone.isBound() && gone.listen(1);
}

int callAt(const std::string& address) {
  return play(test::dial(address, grpc::InsecureChannelCredentials()), unary(field(1, "a"))).end.code;
}

std::string errorAt(const std::string& address) {
  const auto listening = serve(simple())->listen(address);
  return listening ? "no error" : listening.error().message;
}

}  // namespace

// serving.md: a Unix path that answers is in use, a dead one is replaced; our socket file goes when we do.
class tst_UnixEndpoint : public QObject {
  Q_OBJECT

 private slots:
  void init() {
    m_folder = std::make_unique<QTemporaryDir>();
    m_path = at("s.sock");
    m_address = "unix:" + m_path;
  }

  void theSocketFileGoesWhenWeDo() {
    for (int i = 0; i < 20; ++i) {
      const auto server = serve(simple());
      const auto listening = server->listen(m_address);
      QVERIFY2(listening, listening ? "" : listening.error().message.c_str());
      QCOMPARE(*listening, m_address);
      QCOMPARE(names(), std::vector<std::string>{"s.sock"});
      QCOMPARE(callAt(m_address), 0);
      if (i % 2 == 0) server->stop();  // else at its end
    }
    QCOMPARE(names(), std::vector<std::string>{});
  }

  void aPathThatAnswersIsInUse() {
    const std::string inUse = "cannot listen on " + m_address + ": the address is in use";
    {
      const auto server = serve(simple());
      QVERIFY(server->listen(m_address));
      QCOMPARE(errorAt(m_address), inUse);
      QCOMPARE(server->listen(m_address).error().message, inUse);
      QCOMPARE(callAt(m_address), 0);
    }
    // One of another program, also where its backlog is full, and of another type.
    {
      const Foreign other(m_path);
      QVERIFY(other.listen(0));
      const Foreign waiting(at("waiting"));
      for (int i = 0; i < 3; ++i) QCOMPARE(errorAt(m_address), inUse);
    }
    fs::remove(m_path);
    const Foreign datagrams(m_path, SOCK_DGRAM);
    QCOMPARE(errorAt(m_address), inUse);
    QVERIFY(fs::exists(m_path));
  }

  void aDeadSocketIsReplaced() {
    QVERIFY(leaveDeadSocket(m_path));
    QVERIFY(fs::exists(m_path));
    const auto server = serve(simple());
    QVERIFY(server->listen(m_address));
    QCOMPARE(callAt(m_address), 0);
    server->stop();
    QCOMPARE(names(), std::vector<std::string>{});
  }

  void whatIsNoSocketIsLeftAlone_data() {
    QTest::addColumn<QString>("what");
    for (const char* what :
         {"file", "folder", "link to a file", "link to a dead socket", "link to nothing", "pipe"})
      QTest::addRow("%s", what) << what;
  }
  void whatIsNoSocketIsLeftAlone() {
    QFETCH(QString, what);
    std::ofstream(at("other")) << "content";
    if (what == "file") std::ofstream(m_path) << "content";
    if (what == "folder") fs::create_directory(m_path);
    if (what == "link to a file") fs::create_symlink(at("other"), m_path);
    if (what == "link to nothing") fs::create_symlink(at("nothing"), m_path);
    if (what == "link to a dead socket") {
      QVERIFY(leaveDeadSocket(at("dead")));
      fs::create_symlink(at("dead"), m_path);
    }
    if (what == "pipe") QCOMPARE(::mkfifo(m_path.c_str(), 0600), 0);
    const auto before = names();
    const auto type = fs::symlink_status(m_path).type();
    const std::string error = errorAt(m_address);
    QVERIFY2(
        error.starts_with("cannot listen on " + m_address + ": expected a socket or nothing there, found "),
        error.c_str());
    QCOMPARE(names(), before);
    QVERIFY(fs::symlink_status(m_path).type() == type);
    if (what.endsWith("file")) QCOMPARE(contentOf(m_path), "content");
  }

  void aPathMayHaveAsManyBytesAsASocketTakes() {
    const std::string longest = m_folder->path().toStdString() + "/" +
                                std::string(107 - m_folder->path().toStdString().size() - 1, 'x');
    const auto server = serve(simple());
    const auto listening = server->listen("unix:" + longest);
    QVERIFY2(listening, listening ? "" : listening.error().message.c_str());
    QCOMPARE(callAt("unix:" + longest), 0);
    const std::string error = errorAt("unix:" + longest + "x");
    QVERIFY2(
        error.ends_with(": expected a path of at most 107 bytes, which is what a socket takes, found 108"),
        error.c_str());
  }

  void aPathMayBeRelative() {
    const fs::path before = fs::current_path();
    const auto back = qScopeGuard([&] { fs::current_path(before); });
    fs::current_path(m_folder->path().toStdString());
    const auto server = serve(simple());
    const auto listening = server->listen("unix:s.sock");
    QVERIFY2(listening, listening ? "" : listening.error().message.c_str());
    QCOMPARE(*listening, "unix:s.sock");
    QCOMPARE(callAt("unix:s.sock"), 0);
    fs::current_path(before);  // it is removed where it is
    server->stop();
    QCOMPARE(names(), std::vector<std::string>{});
  }

  void aPathMayHaveTwoSlashesMore() {
    const auto server = serve(simple());
    QVERIFY(server->listen("unix://" + m_path));
    QCOMPARE(callAt(m_address), 0);
  }

  void aPathThatIsNoneIsAnError_data() {
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("error");
    QTest::addRow("empty") << "unix:"
                           << "expected a path behind unix:, as in unix:/tmp/retake.sock";
    QTest::addRow("slash") << "unix:/"
                           << "expected the path of a socket, found a folder";
    QTest::addRow("folder") << "unix:/tmp/"
                            << "expected the path of a socket, found a folder";
    QTest::addRow("dots") << "unix:/tmp/.."
                          << "expected the path of a socket, found a folder";
    QTest::addRow("no folder") << "unix:/nowhere/here/s.sock"
                               << "the folder /nowhere/here/: No such file or directory";
    QTest::addRow("a file for a folder") << "unix:/etc/hostname/s.sock"
                                         << "the folder /etc/hostname/: Not a directory";
    QTest::addRow("no sockets there") << "unix:/proc/s.sock"
                                      << "";
  }
  void aPathThatIsNoneIsAnError() {
    QFETCH(QString, path);
    QFETCH(QString, error);
    const std::string found = errorAt(path.toStdString());
    const std::string begin = "cannot listen on " + path.toStdString() + ": ";
    QVERIFY2(found.starts_with(begin), found.c_str());
    if (!error.isEmpty()) QCOMPARE(found.substr(begin.size()), error.toStdString());
  }

  void permissionsAreThoseOfTheUmask() {
    for (const mode_t mask : {022u, 077u}) {
      const mode_t before = ::umask(mask);
      const auto server = serve(simple());
      const auto listening = server->listen(m_address);
      ::umask(before);
      QVERIFY(listening);
      struct stat found {};
      QCOMPARE(::stat(m_path.c_str(), &found), 0);
      QCOMPARE(found.st_mode & 0777u, 0777u & ~mask);
    }
  }

  // Each finds the same dead socket, or a path that is free.
  void ofManyStartersOneListens() {
    constexpr int kStarters = 12;
    for (int round = 0; round < 10; ++round) {
      if (round % 2 == 0) QVERIFY(leaveDeadSocket(m_path));
      std::vector<std::unique_ptr<ReplayServer>> servers;
      for (int i = 0; i < kStarters; ++i) servers.push_back(serve(simple()));
      std::vector<std::string> said(kStarters);
      std::barrier begin(kStarters);
      std::vector<std::thread> starters;
      for (std::size_t i = 0; i < kStarters; ++i)
        starters.emplace_back([&, i] {
          begin.arrive_and_wait();
          const auto listening = servers[i]->listen(m_address);
          said[i] = listening ? "listens" : listening.error().message;
        });
      for (std::thread& starter : starters) starter.join();
      QCOMPARE(std::count(said.begin(), said.end(), "listens"), 1);
      QCOMPARE(
          std::count(said.begin(), said.end(), "cannot listen on " + m_address + ": the address is in use"),
          kStarters - 1);
      QCOMPARE(callAt(m_address), 0);
      servers.clear();
      QCOMPARE(names(), std::vector<std::string>{});
    }
  }

  void aSocketOfAnotherIsNotRemoved() {
    const auto server = serve(simple());
    QVERIFY(server->listen(m_address));
    fs::remove(m_path);
    const auto other = serve(simple());
    QVERIFY(other->listen(m_address));
    server->stop();
    QCOMPARE(names(), std::vector<std::string>{"s.sock"});
    QCOMPARE(callAt(m_address), 0);
  }

  void aMovedSocketStaysServed() {
    const auto server = serve(simple());
    QVERIFY(server->listen(m_address));
    fs::rename(m_path, at("moved"));
    QCOMPARE(callAt("unix:" + at("moved")), 0);
    server->stop();
    QCOMPARE(callAt("unix:" + at("moved")), 14);
  }

  void theAddressIsFreeAgainAtOnce() {
    auto server = serve(simple());
    QVERIFY(server->listen(m_address));
    for (int i = 0; i < 20; ++i) {
      server->stop();
      auto next = serve(simple());
      QVERIFY(next->listen(m_address));
      QCOMPARE(callAt(m_address), 0);
      server = std::move(next);
    }
  }

 private:
  std::string at(const char* name) const { return m_folder->filePath(name).toStdString(); }
  std::string at(const std::string& name) const { return at(name.c_str()); }
  std::vector<std::string> names() const {
    std::vector<std::string> found;
    for (const auto& entry : fs::directory_iterator(m_folder->path().toStdString()))
      found.push_back(entry.path().filename().string());
    std::sort(found.begin(), found.end());
    return found;
  }

  std::unique_ptr<QTemporaryDir> m_folder;
  std::string m_path;
  std::string m_address;
};

QTEST_GUILESS_MAIN(tst_UnixEndpoint)
#include "tst_unix_endpoint.moc"

#pragma once

#include <unistd.h>

#include <string>

namespace retake::test {

// While it lives the process is a user whom permissions bind, and who owns `folder` (not what is in
// it): root may write anywhere, so a test of permissions that runs as root shows nothing. False where
// that cannot be done.
class Unprivileged {
 public:
  explicit Unprivileged(const std::string& folder) : m_wasRoot(::geteuid() == 0) {
    if (!m_wasRoot) return;
    m_bound = ::chown(folder.c_str(), kNobody, kNobody) == 0 && ::seteuid(kNobody) == 0;
  }
  ~Unprivileged() {
    if (m_wasRoot && m_bound) (void)!::seteuid(0);
  }
  Unprivileged(const Unprivileged&) = delete;
  Unprivileged& operator=(const Unprivileged&) = delete;

  explicit operator bool() const { return m_bound; }

 private:
  static constexpr unsigned kNobody = 65534;
  bool m_wasRoot;
  bool m_bound = true;
};

}  // namespace retake::test

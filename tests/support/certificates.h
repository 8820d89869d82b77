#pragma once

#include <string>

namespace retake::test {

// Certificates for one run: an authority made for it, and what it has signed. Keys are made anew each time,
// and are gone with the program; all are PEM files in a folder of their own.
struct Certificates {
  std::string folder;
  std::string ca;                 // the authority's certificate
  std::string server, serverKey;  // for localhost, 127.0.0.1 and ::1
  std::string client, clientKey;
  std::string expired, expiredKey;    // as the server's, valid until yesterday
  std::string otherCa;                // of an authority that has signed none of these
  std::string stranger, strangerKey;  // signed by that

  // Made when it is first asked for.
  static const Certificates& get();
};

// What stands in a file; aborts when it cannot be read.
std::string contentOf(const std::string& path);

}  // namespace retake::test

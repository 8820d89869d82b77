#pragma once

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <vector>

// What the cases have in common.
namespace retake::test {

// Gathers what differs from what was expected, a sentence each.
class Verdict {
 public:
  Verdict& same(std::string_view what, const std::string& found, const std::string& expected);
  Verdict& same(std::string_view what, long long found, long long expected);
  Verdict& holds(std::string_view what, bool is);
  Verdict& status(const grpc::Status& found, int code = 0, const std::string& message = {});
  const std::string& text() const { return m_text; }

 private:
  std::string m_text;
};

// A minute: a call that hangs fails its case.
class CaseContext : public grpc::ClientContext {
 public:
  CaseContext() { set_deadline(std::chrono::system_clock::now() + std::chrono::minutes(1)); }
};

using ReceivedMetadata = std::multimap<grpc::string_ref, grpc::string_ref>;
// In the order in which they came.
std::vector<std::string> valuesOf(const ReceivedMetadata& metadata, const std::string& key);
// The one value of a key; else a sentence, which is no value.
std::string valueOf(const ReceivedMetadata& metadata, const std::string& key);

}  // namespace retake::test

#include "interop_cases/interop_case.h"

namespace retake::test {

const std::vector<InteropCase>& interopCases() {
  static const std::vector<InteropCase> all = [] {
    std::vector<InteropCase> cases;
    for (const auto share : {grpcsOwnCases(), metadataCases(), streamCases()})
      cases.insert(cases.end(), share.begin(), share.end());
    return cases;
  }();
  return all;
}

}  // namespace retake::test

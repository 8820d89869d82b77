#pragma once

#include <QByteArray>
#include <QString>
#include <QStringList>

namespace retake::test {

struct CliResult {
  int exitCode = -1;  // -1: it did not start, crashed or did not end
  QByteArray out;
  QByteArray err;
};

// Runs the retake-cli that was built along with the tests, `input` on its standard input.
CliResult runCli(const QStringList& arguments, const QByteArray& input = {});

// The oracle's answer to `oracle WORDS...`, out and err together; empty where RETAKE_ORACLE names none.
QByteArray runOracle(const QStringList& arguments, int* exitCode = nullptr);
bool haveOracle();

// A row for each real recording, with its path; one row with an empty path, where the test has to skip,
// when there are none or, where that is asked for, no oracle.
void addRealRecordings(bool withOracle);
inline constexpr const char* kNoRealRecordings =
    "SKIPPED: there are no real recordings or there is no oracle (set RETAKE_RECORDINGS and RETAKE_ORACLE)";

}  // namespace retake::test

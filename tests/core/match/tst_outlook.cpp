#include <QTest>
#include <algorithm>
#include <random>

#include "match/matcher.h"
#include "support/replay_file.h"

using namespace retake;
using test::field;
using test::Message;
using test::ReplayFile;
using Next = Matcher::Next;

namespace {

constexpr const char* kMethod = "/t.S/M";

Message message(char name) { return {"t.M", field(1, std::string(1, name))}; }

SharedRecvs received(const std::string& names) {
  SharedRecvs got;
  for (const char name : names)
    got = {.count = got.count + 1, .key = leadingKey(got.key, message(name).bytes)};
  return got;
}

// Streams as words: a small letter is a RECV, a capital a SEND; the end follows.
struct Bench {
  explicit Bench(std::vector<std::string> words, Reuse reuse = Reuse::Once)
      : streams(std::move(words)), matcher(reuse) {
    ReplayFile file;
    for (const std::string& stream : streams) {
      const std::uint32_t ref = file.createStream(kMethod);
      for (const char step : stream)
        step < 'a' ? file.send(ref, message(step)) : file.recv(ref, message(step));
      file.recvEnd(ref);
    }
    recording = file.recording();
    calls = groupCalls(*recording);
    cursors = std::make_unique<MatchCursors>(*MatchIndex::build(*recording, calls, *Schema::builtin()));
    method = cursors->index->method(kMethod);
  }
  Matcher::Outlook outlook(const std::string& got) {
    return matcher.outlook(*cursors, *method, received(got));
  }
  Matcher::Answer unseen(const std::string& got, Matcher::Prefer prefer = Matcher::Prefer::RecvNext) {
    return matcher.takeStreamUnseen(*cursors, *method, received(got), prefer, 1);
  }
  Matcher::Answer take(const std::string& got, char send) {
    return matcher.takeStream(*cursors, *Schema::builtin(), *method, received(got), message(send).bytes, 1);
  }

  std::vector<std::string> streams;
  std::shared_ptr<const Recording> recording;
  Matcher matcher;
  Calls calls;
  std::unique_ptr<MatchCursors> cursors;
  const MatchIndex::Method* method = nullptr;
};

// The outlook as it is defined: by a look at every stream.
Next expectedNext(const Bench& bench, const std::vector<int>& uses, Reuse reuse, const std::string& got) {
  const int least = *std::min_element(uses.begin(), uses.end());
  bool send = false;
  std::string others;  // the different steps that are no SEND, '.' for the end
  for (std::size_t i = 0; i < uses.size(); ++i) {
    const bool last = reuse == Reuse::Last && least > 0 && i + 1 == uses.size();
    const bool open = reuse == Reuse::Cycle ? uses[i] == least : uses[i] == 0 || last;
    const std::string& stream = bench.streams[i];
    if (!open || !stream.starts_with(got)) continue;
    const char next = stream.size() > got.size() ? stream[got.size()] : '.';
    if (next >= 'A' && next <= 'Z')
      send = true;
    else if (others.find(next) == std::string::npos)
      others += next;
  }
  if (send) return others.empty() ? Next::Send : Next::Mixed;
  if (others.empty()) return Next::Nothing;
  return others.size() > 1 || others == "." ? Next::Differ : Next::Recv;
}

}  // namespace

class tst_Outlook : public QObject {
  Q_OBJECT

 private slots:
  // As when everything may be used again while a client has got a RECV of the only one that was unused.
  void whatBeginsOtherwiseIsNotUsedUp() {
    for (const char* silent : {"bY", "b"}) {
      Bench bench({"aX", silent});
      const auto why = [](const Matcher::Answer& answer) { return std::get<Miss>(answer).why; };
      QCOMPARE(why(bench.take("c", 'X')), Miss::Why::NothingEqual);
      QCOMPARE(why(bench.unseen("c")), Miss::Why::NothingEqual);
      QCOMPARE(std::get<Matcher::Taken>(bench.take("a", 'X')).call, 0u);
      QCOMPARE(why(bench.take("a", 'X')), Miss::Why::UsedUp);
      QCOMPARE(why(bench.unseen("a")), Miss::Why::NothingEqual);
      QCOMPARE(std::get<Matcher::Taken>(bench.unseen("b")).call, 1u);
      QCOMPARE(why(bench.unseen("a")), Miss::Why::UsedUp);
    }
  }

  void theOutlookIsThatOfALookAtEveryStream_data() {
    QTest::addColumn<int>("reuse");
    QTest::addRow("once") << static_cast<int>(Reuse::Once);
    QTest::addRow("last") << static_cast<int>(Reuse::Last);
    QTest::addRow("cycle") << static_cast<int>(Reuse::Cycle);
  }
  void theOutlookIsThatOfALookAtEveryStream() {
    QFETCH(int, reuse);
    std::mt19937 random(7);
    const auto below = [&](std::size_t limit) { return random() % limit; };
    std::vector<int> seen(5, 0);
    for (int file = 0; file < 60; ++file) {
      std::vector<std::string> words(1 + below(30));
      for (std::string& word : words) {
        for (std::size_t recvs = below(5); recvs > 0; --recvs) word += static_cast<char>('a' + below(2));
        if (below(2) == 0) word += static_cast<char>('A' + below(2));
      }
      Bench bench(words, static_cast<Reuse>(reuse));
      std::vector<int> uses(words.size(), 0);
      for (std::size_t step = 0; step < words.size() * 3; ++step) {
        for (int looks = 0; looks < 4; ++looks) {
          const std::string& word = words[below(words.size())];
          std::string got = word.substr(0, std::min(below(5), word.find_first_of("AB")));
          const Next expected = expectedNext(bench, uses, static_cast<Reuse>(reuse), got);
          const auto outlook = bench.outlook(got);
          QCOMPARE(static_cast<int>(outlook.next), static_cast<int>(expected));
          ++seen[static_cast<std::size_t>(expected)];
          if (expected != Next::Recv) continue;
          const std::string& stream = bench.streams[outlook.call];
          QVERIFY(stream.starts_with(got) && stream.size() > got.size());
          got += stream[got.size()];
          QVERIFY(expectedNext(bench, uses, static_cast<Reuse>(reuse), got) != Next::Nothing);
        }
        const std::string& word = words[below(words.size())];
        const std::string got = word.substr(0, std::min(below(4), word.find_first_of("AB")));
        const auto how = below(3);
        const auto answer = how == 0 ? bench.take(got, static_cast<char>('A' + below(2)))
                                     : bench.unseen(got, how == 1 ? Matcher::Prefer::RecvNext
                                                                  : Matcher::Prefer::WithoutSends);
        if (const auto* taken = std::get_if<Matcher::Taken>(&answer)) ++uses[taken->call];
        if (below(40) == 0) {
          bench.matcher.reset();
          std::fill(uses.begin(), uses.end(), 0);
        }
      }
    }
    QVERIFY(std::find(seen.begin() + (reuse == static_cast<int>(Reuse::Once) ? 0 : 1), seen.end(), 0) ==
            seen.end());
  }

  // What goes on with a RECV goes round as well, behind RECVs that were shared.
  void whatMayBeginUnseenGoesRound() {
    Bench bench({"ab", "aS", "ac"}, Reuse::Cycle);
    std::string order;
    for (int i = 0; i < 6; ++i) order += std::to_string(std::get<Matcher::Taken>(bench.unseen("a")).call + 1);
    QCOMPARE(order, "131313");
  }

  // A look at every stream, for each of them, would be ten thousand million looks.
  void aHundredThousandServerFirstStreamsAreToldApart_data() {
    QTest::addColumn<bool>("shared");
    QTest::addRow("by the first RECV") << false;
    QTest::addRow("by the second RECV") << true;
  }
  void aHundredThousandServerFirstStreamsAreToldApart() {
    QFETCH(bool, shared);
    constexpr std::uint32_t kStreams = 100'000;
    std::vector<std::string> words;
    for (std::uint32_t i = 0; i < kStreams; ++i) {
      std::string word = shared ? "x" : "";
      for (int shift = 0; shift < 17; shift += 4) word += static_cast<char>('a' + ((i >> (16 - shift)) & 15));
      words.push_back(word + static_cast<char>('A' + (i & 1)));
    }
    Bench bench(words);
    const std::string got = shared ? "x" : "";
    if (shared) QVERIFY(bench.outlook("").next == Next::Recv);
    for (std::uint32_t i = 0; i < kStreams; ++i) {
      const auto outlook = bench.outlook(got);
      // The last 65,536 share their next RECV with all that are left.
      if (outlook.next != Next::Differ && outlook.next != Next::Recv) QFAIL("none is left");
      QCOMPARE(std::get<Matcher::Taken>(bench.unseen(got)).call, i);
    }
    QVERIFY(bench.outlook(got).next == Next::Nothing);
  }
};

QTEST_APPLESS_MAIN(tst_Outlook)
#include "tst_outlook.moc"

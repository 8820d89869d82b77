#include "serve_command.h"

#include <pthread.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <functional>
#include <map>
#include <mutex>

#include "command.h"
#include "recording/status.h"
#include "serve/grpc_log.h"
#include "serve/replay_server.h"
#include "schema/json_writer.h"

namespace retake::cli {
namespace {

struct Options {
  std::string file;
  std::vector<std::string> listen;
  std::vector<std::string> schema;
  std::string log;
  std::string reuse = "once";
  bool strictStreams = false;
  bool verify = false;
};

const std::map<std::string, Reuse> kReuse = {
    {"once", Reuse::Once}, {"last", Reuse::Last}, {"cycle", Reuse::Cycle}};

// `expected` is how people say `isOne`.
CLI::Validator expects(const std::string& expected, const std::function<bool(const std::string&)>& isOne) {
  return {[expected, isOne](const std::string& value) {
            return isOne(value) ? std::string() : "expected " + expected + ", found " + inQuotes(value);
          },
          ""};
}

// SIGINT and SIGTERM as something to wait for. Made before any other thread, which then inherits that they
// are blocked.
class Signals {
 public:
  Signals() {
    sigemptyset(&m_set);
    for (const int number : {SIGINT, SIGTERM}) {
      // A shell without job control starts what it puts in the background with SIGINT ignored, and an
      // ignored signal cannot be waited for.
      std::signal(number, SIG_DFL);
      sigaddset(&m_set, number);
    }
    pthread_sigmask(SIG_BLOCK, &m_set, nullptr);
    // Whoever read the addresses may have closed the pipe since: calls go on without their log.
    std::signal(SIGPIPE, SIG_IGN);
  }
  void wait() const {
    int number = 0;
    sigwait(&m_set, &number);
  }
  // From here on one ends the process at once. Those that came along with the first do not: whoever sends
  // SIGINT and SIGTERM in one go wants the report.
  void restore() const {
    const timespec now{0, 0};
    while (sigtimedwait(&m_set, nullptr, &now) > 0) {
    }
    pthread_sigmask(SIG_UNBLOCK, &m_set, nullptr);
  }

 private:
  sigset_t m_set;
};

bool isMiss(const ReplayEvent& event) {
  return event.outcome == ReplayEvent::Outcome::Missed && event.counted;
}

const char* outcomeName(const ReplayEvent& event) {
  switch (event.outcome) {
    case ReplayEvent::Outcome::Served:
      return "served";
    case ReplayEvent::Outcome::Missed:
      return isMiss(event) ? "missed" : "unrecorded";
    case ReplayEvent::Outcome::Forwarded:
      return "forwarded";
    case ReplayEvent::Outcome::Refused:
      return "refused";
    case ReplayEvent::Outcome::Aborted:
      break;
  }
  return "aborted";
}

// One object a line, written as soon as a call is over.
class Log {
 public:
  explicit Log(bool json) : m_json(json) {}

  void operator()(const ReplayEvent& event) {
    const std::string call = "call " + std::to_string(event.sequence) + " " + event.method;
    if (event.kind == ReplayEvent::Kind::Note) {
      if (m_json) m_notes[event.sequence].push_back(event.text);
      std::fprintf(stderr, "retake-cli: %s\n", printable(call + ": " + event.text).c_str());
    } else if (event.kind == ReplayEvent::Kind::Call) {
      if (isMiss(event))
        std::fprintf(stderr, "retake-cli: %s\n",
                     printable("call " + std::to_string(event.sequence) + " missed: " + event.text).c_str());
      if (m_json) write(event);
    }
  }

 private:
  void write(const ReplayEvent& event) {
    JsonWriter json(JsonWriter::Style::OneLine);
    const auto number = [&](const char* key, std::int64_t value) {
      json.key(key);
      json.literal(std::to_string(value));
    };
    const auto text = [&](const char* key, std::string_view value) {
      json.key(key);
      json.string(printable(value));
    };
    json.beginObject();
    number("call", static_cast<std::int64_t>(event.sequence));
    text("endpoint", event.endpoint);
    text("method", event.method);
    if (event.callNumber != 0) number("recorded", event.callNumber);
    text("outcome", outcomeName(event));
    number("code", event.statusCode);
    text("status", statusCodeName(event.statusCode));
    text("message", event.text);
    using std::chrono::duration_cast;
    number("began", duration_cast<std::chrono::milliseconds>(event.time.time_since_epoch()).count());
    char duration[32];
    std::snprintf(duration, sizeof duration, "%.3f",
                  std::chrono::duration<double, std::milli>(event.duration).count());
    json.key("duration_ms");
    json.literal(duration);
    if (const auto notes = m_notes.extract(event.sequence)) {
      json.key("notes");
      json.beginArray();
      for (const std::string& note : notes.mapped()) json.string(printable(note));
      json.endArray();
    }
    json.endObject();
    std::printf("%s\n", json.take().c_str());
    std::fflush(stdout);
  }

  const bool m_json;
  std::map<std::uint64_t, std::vector<std::string>> m_notes;
};

// "3, 7 to 9": ascending numbers for people.
std::string ranges(const std::vector<std::uint32_t>& numbers) {
  constexpr int kShown = 20;
  std::string text;
  int shown = 0;
  for (std::size_t i = 0; i < numbers.size(); ++shown) {
    std::size_t end = i;
    while (end + 1 < numbers.size() && numbers[end + 1] == numbers[end] + 1) ++end;
    if (shown == kShown) return text + " and " + std::to_string(numbers.size() - i) + " more";
    text += (i > 0 ? ", " : "") + std::to_string(numbers[i]);
    if (end > i) text += (end == i + 1 ? ", " : " to ") + std::to_string(numbers[end]);
    i = end + 1;
  }
  return text;
}

void printReport(const ReplayReport& report, std::uint32_t recorded) {
  std::fprintf(stderr, "served %llu, missed %llu, aborted %llu; ",
               static_cast<unsigned long long>(report.served), static_cast<unsigned long long>(report.missed),
               static_cast<unsigned long long>(report.aborted));
  if (report.neverAskedFor.empty())
    std::fprintf(stderr, "every recorded call was asked for\n");
  else
    std::fprintf(stderr, "never asked for: %zu of %u recorded calls: %s\n", report.neverAskedFor.size(),
                 recorded, ranges(report.neverAskedFor).c_str());
}

int run(const Options& options) {
  const Signals signals;
  setGrpcLog({});  // what it has to say of an endpoint is said by listen()
  const auto schema = openSchema(options.schema);
  if (!schema) return fail(schema.error());
  auto file = openFile(options.file, **schema);
  if (!file) return fail(file.error());
  const std::uint32_t recorded = groupCalls(*file->recording).size();

  // Endpoints say that they are ready before anything is logged of their calls.
  auto log = std::make_shared<Log>(options.log == "json");
  auto ready = std::make_shared<std::mutex>();
  std::unique_lock announcing(*ready);
  auto server = ReplayServer::start(file->recording, *schema,
                                    {.policy = {.match = {.reuse = kReuse.at(options.reuse)},
                                                .strictStreams = options.strictStreams},
                                     .log = [log, ready](const ReplayEvent& event) {
                                       const std::lock_guard lock(*ready);
                                       (*log)(event);
                                     }});
  if (!server) return fail(server.error());
  std::vector<std::string> addresses;
  for (const std::string& address : options.listen) {
    auto listening = (*server)->listen(address);
    if (!listening) {
      announcing.unlock();
      return fail(listening.error());
    }
    addresses.push_back(*listening);
  }
  for (const std::string& address : addresses) std::printf("listening on %s\n", address.c_str());
  std::fflush(stdout);
  announcing.unlock();

  signals.wait();
  signals.restore();
  (*server)->stop();
  const ReplayReport report = (*server)->report();
  printReport(report, recorded);
  return options.verify && (report.missed > 0 || !report.neverAskedFor.empty()) ? kNo : kDone;
}

}  // namespace

void addServeCommand(CLI::App& app, int& exitCode) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("serve", "Stand in for the recorded service");
  command->add_option("FILE", options->file, "The recording; \"-\" is standard input")->required();
  command->add_option("--listen", options->listen, "Where to listen; may be repeated. Port 0 is any free one")
      ->type_name("ADDR")
      ->expected(1)
      ->take_all()
      ->allow_extra_args(false);  // else CLI11 reads [::1] as a list
  addSchemaOption(*command, options->schema);
  command->add_option("--reuse", options->reuse, "What equal requests get when their answers are used up")
      ->check(expects("once, last or cycle", [](const std::string& value) { return kReuse.contains(value); }))
      ->type_name("once|last|cycle");
  command->add_flag("--strict-streams", options->strictStreams,
                    "A later message that differs fails its stream");
  command->add_option("--log", options->log, "Log calls on standard output, one object a line")
      ->check(expects("json", [](const std::string& value) { return value == "json"; }))
      ->type_name("json");
  command->add_flag("--verify", options->verify, "Exit 1 if a call was missed or never asked for");
  command->callback([options, &exitCode] {
    if (options->listen.empty()) options->listen.push_back("127.0.0.1:0");
    exitCode = run(*options);
  });
}

}  // namespace retake::cli

#include "serve_options.h"

#include <CLI/CLI.hpp>
#include <charconv>
#include <cmath>
#include <functional>
#include <map>

#include "command.h"
#include "initial_state_options.h"

namespace retake::cli {
namespace {

const std::map<std::string, Reuse> kReuse = {
    {"once", Reuse::Once}, {"last", Reuse::Last}, {"cycle", Reuse::Cycle}};
const std::map<std::string, Pace> kPace = {
    {"immediate", Pace::Immediate}, {"recorded", Pace::Recorded}, {"causal", Pace::Causal}};
const std::map<std::string, ExtraCalls> kExtra = {
    {"fail", ExtraCalls::Fail}, {"forward", ExtraCalls::Forward}, {"record", ExtraCalls::Record}};

// `expected` is how people say `isOne`.
CLI::Validator expects(const std::string& expected, const std::function<bool(const std::string&)>& isOne) {
  return {[expected, isOne](const std::string& value) {
            return isOne(value) ? std::string() : "expected " + expected + ", found " + inQuotes(value);
          },
          ""};
}

template <typename Value>
CLI::Validator oneOf(const std::map<std::string, Value>& values, const std::string& inWords) {
  return expects(inWords, [&values](const std::string& value) { return values.contains(value); });
}

CLI::Validator numberFrom(double least, double most, const std::string& inWords) {
  return expects(inWords, [=](const std::string& text) {
    double number = 0;
    const char* const end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, number);
    return parsed.ec == std::errc() && parsed.ptr == end && number >= least && number <= most;
  });
}

// Workspaces have the same bound.
constexpr double kMaxCausalBound = 24 * 60 * 60;
// Slower or faster than that is a slip.
constexpr double kLeastSpeed = 1e-6;
constexpr double kMaxSpeed = 1e6;

void addMatchOptions(CLI::App& command, ServeOptions& options) {
  command.add_option("--reuse", options.reuse, "What equal requests get when their answers are used up")
      ->check(oneOf(kReuse, "once, last or cycle"))
      ->type_name("once|last|cycle");
  addList(command, "--ignore", options.ignore, "METHOD:PATH",
          "A field that is not compared, as in '/shop.Cart/Add:items[*].added_at' or '*:request_id'; may be "
          "repeated");
  addList(command, "--compare-metadata", options.compareMetadata, "METHOD:KEY",
          "A metadata key that is compared; may be repeated");
  command.add_flag("--strict-streams", options.strictStreams,
                   "A later message that differs, or a half-close before all were sent, fails its stream");
}

void addPaceOptions(CLI::App& command, ServeOptions& options) {
  command
      .add_option("--pace", options.pace,
                  "When answers go out: at once, with the recorded gaps, or not before all that was recorded "
                  "before them has arrived")
      ->check(oneOf(kPace, "immediate, recorded or causal"))
      ->type_name("immediate|recorded|causal");
  command.add_option("--speed", options.speed, "Of --pace recorded: 2 is twice as fast")
      ->check(numberFrom(kLeastSpeed, kMaxSpeed, "a number above 0"))
      ->type_name("X");
  command
      .add_option("--causal-bound", options.causalBound, "Of --pace causal: how long an answer waits at most")
      ->check(numberFrom(0.001, kMaxCausalBound, "a number from 0.001 to 86400"))
      ->type_name("SECONDS");
}

void addUpstreamOptions(CLI::App& command, Upstream& upstream, const std::string& what) {
  command.add_option("--upstream", upstream.address, what)->type_name("ADDR");
  command.add_flag("--upstream-tls", upstream.tls.enabled, "It is reached over TLS");
  command
      .add_option("--upstream-ca", upstream.tls.caFile, "Who signs for it, in place of the system's roots")
      ->type_name("PEM");
  command.add_option("--upstream-cert", upstream.tls.certFile, "What is shown to it")->type_name("PEM");
  command.add_option("--upstream-key", upstream.tls.keyFile, "The key of that")->type_name("PEM");
  command
      .add_option("--upstream-name", upstream.tls.serverName,
                  "The name in its certificate, where that is not the address's host")
      ->type_name("NAME");
}

Result<void> mergeMatch(const ServeOptions& options, ReplayPolicy& policy) {
  if (!options.reuse.empty()) policy.match.reuse = kReuse.at(options.reuse);
  policy.strictStreams |= options.strictStreams;
  for (const std::string& text : options.ignore) {
    auto rule = parseIgnoreRule(text);
    if (!rule) return Error{"--ignore: " + rule.error().message};
    policy.match.ignore.push_back(*std::move(rule));
  }
  for (const std::string& text : options.compareMetadata) {
    auto rule = parseMetadataRule(text);
    if (!rule) return Error{"--compare-metadata: " + rule.error().message};
    policy.match.compareMetadata.push_back(*std::move(rule));
  }
  return {};
}

Result<void> mergePace(const ServeOptions& options, PacePolicy& policy) {
  if (!options.pace.empty()) policy.pace = kPace.at(options.pace);
  if (options.speed && policy.pace != Pace::Recorded)
    return Error{"--speed: expected --pace recorded with it"};
  if (options.causalBound && policy.pace != Pace::Causal)
    return Error{"--causal-bound: expected --pace causal with it"};
  if (options.speed) policy.speed = *options.speed;
  if (options.causalBound)
    policy.causalBound = std::chrono::milliseconds(std::llround(*options.causalBound * 1000));
  return {};
}

// That of the command line is another one: nothing of the workspace's counts any more.
Result<void> mergeUpstream(const ServeOptions& options, Workspace& workspace) {
  if (!options.extra.empty()) workspace.policy.extra = kExtra.at(options.extra);
  const Upstream& typed = options.upstream;
  if (!typed.address.empty()) {
    workspace.upstream = typed;
    ClientTls& tls = workspace.upstream.tls;
    tls.enabled |= !tls.caFile.empty() || !tls.certFile.empty() || !tls.serverName.empty();
  } else if (typed != Upstream{}) {
    return Error{
        "--upstream-tls, -ca, -cert, -key and -name: expected --upstream ADDR with them, found none"};
  }
  if (typed.tls.certFile.empty() != typed.tls.keyFile.empty())
    return Error{"--upstream-cert and --upstream-key: expected both, found one of them"};
  const bool forward = workspace.policy.extra != ExtraCalls::Fail;
  if (forward && workspace.upstream.address.empty())
    return Error{"--extra forward and record: expected --upstream ADDR with it, found none"};
  if (!forward && !typed.address.empty())
    return Error{"--upstream: expected --extra forward or record with it, found fail"};
  return {};
}

Result<void> mergeListen(const ServeOptions& options, Workspace& workspace) {
  if (options.tls.certFile.empty() != options.tls.keyFile.empty())
    return Error{"--tls-cert and --tls-key: expected both, found one of them"};
  if (!options.tls.clientCaFile.empty() && !options.tls.enabled())
    return Error{"--tls-client-ca: expected --tls-cert and --tls-key with it, found neither"};
  if (!options.listen.empty()) {
    workspace.listen.clear();
    for (const std::string& address : options.listen) workspace.listen.push_back({.address = address});
  }
  if (workspace.listen.empty()) workspace.listen.push_back({.address = "127.0.0.1:0"});
  if (options.tls.enabled())
    for (Workspace::Listen& listen : workspace.listen) listen.tls = options.tls;
  return {};
}

void addListenOptions(CLI::App& command, ServeOptions& options) {
  addList(command, "--listen", options.listen, "ADDR",
          "Where to listen: HOST:PORT (port 0 is any free one) or unix:/path; may be repeated");
  command.add_option("--tls-cert", options.tls.certFile, "The certificate (chain) of all endpoints")
      ->type_name("PEM");
  command.add_option("--tls-key", options.tls.keyFile, "Its key")->type_name("PEM");
  command
      .add_option("--tls-client-ca", options.tls.clientCaFile, "Clients must show a certificate of this CA")
      ->type_name("PEM");
}

void addLogOption(CLI::App& command, ServeOptions& options) {
  command
      .add_option_function<std::string>(
          "--log", [&options](const std::string& value) { options.jsonLog = value == "json"; },
          "Log calls on standard output, one object a line")
      ->check(expects("json", [](const std::string& value) { return value == "json"; }))
      ->type_name("json");
}

}  // namespace

void addServeOptions(CLI::App& command, ServeOptions& options) {
  command.add_option("FILE", options.file, "The recording; \"-\" is standard input")->required();
  addListenOptions(command, options);
  addWorkspaceOptions(command, options.workspace);
  addMatchOptions(command, options);
  addPaceOptions(command, options);
  command.add_option("--extra", options.extra, "What becomes of calls that nothing recorded answers")
      ->check(oneOf(kExtra, "fail, forward or record"))
      ->type_name("fail|forward|record");
  addUpstreamOptions(command, options.upstream,
                     "The real service, which answers with --extra forward or record");
  addScrubOptions(command, options.scrub);
  command
      .add_option("--initial-state-to", options.initialStateTo,
                  "Write the recording's initial state there before it listens")
      ->type_name("FILE");
  command
      .add_option("--initial-state-as", options.initialStateAs,
                  "In this form (as of print --initial-state), in place of the bytes")
      ->type_name("FORM");
  addLogOption(command, options);
  command.add_flag("--verify", options.verify, "Exit 1 if a call was missed or never asked for");
}

void addRecordedServeOptions(CLI::App& command, ServeOptions& options) {
  addListenOptions(command, options);
  addUpstreamOptions(command, options.upstream, "The service that is recorded");
  addWorkspaceOptions(command, options.workspace);
  addMatchOptions(command, options);
  addScrubOptions(command, options.scrub);
  addLogOption(command, options);
}

Result<Workspace> servedWorkspace(const ServeOptions& options) {
  auto workspace = openWorkspace(options.workspace);
  if (!workspace) return workspace.error();
  if (auto done = mergeMatch(options, workspace->policy); !done) return done.error();
  if (auto done = mergePace(options, workspace->policy.pace); !done) return done.error();
  if (auto done = mergeUpstream(options, *workspace); !done) return done.error();
  if (auto done = mergeListen(options, *workspace); !done) return done.error();
  if (auto done = mergeScrub(options.scrub, workspace->scrub); !done) return done.error();
  if (!options.initialStateAs.empty()) {
    if (options.initialStateTo.empty())
      return Error{"--initial-state-as: expected --initial-state-to FILE with it, found none"};
    if (auto form = optionForm("--initial-state-as", options.initialStateAs); !form) return form.error();
  }
  return workspace;
}

}  // namespace retake::cli

#include "copy_command.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>

#include "command.h"
#include "snippet/snippet.h"
#include "workspace_options.h"

namespace retake::cli {
namespace {

struct CopyOptions {
  std::string file;
  WorkspaceOptions workspace;
  std::string call;
  std::string as;
};

std::string idsInWords() {
  std::string words;
  const auto all = snippets();
  for (std::size_t i = 0; i < all.size(); ++i)
    words += std::string(i == 0 ? "" : i + 1 < all.size() ? ", " : " or ") + std::string(all[i].id);
  return words;
}

int run(const CopyOptions& options) {
  const Snippet* snippet = snippetOf(options.as);
  if (!snippet) return fail({"--as: expected " + idsInWords() + ", found " + inQuotes(options.as)});
  const auto number = optionNumber("--call", options.call);
  if (!number) return fail(number.error());
  if (options.file == "-")
    return fail({"copy: expected a file, which what is copied names, found standard input"});
  const auto schema = openSchema(options.workspace);
  if (!schema) return fail(schema.error());
  const auto file = openFile(options.file, **schema);
  if (!file) return fail(file.error());
  const Calls calls = groupCalls(*file->recording);
  if (*number < 1 || *number > calls.size())
    return fail({file->name + ": expected a call from 1 to " + std::to_string(calls.size()) + ", found " +
                 std::to_string(*number)});
  std::error_code ignored;
  const std::string path = std::filesystem::absolute(options.file, ignored).string();
  const auto text = writeSnippet(*snippet, *file->recording, calls, **schema, *number - 1, path);
  if (!text) return fail({file->name + ": " + text.error().message});
  std::fwrite(text->data(), 1, text->size(), stdout);
  return kDone;
}

}  // namespace

void addCopyCommand(CLI::App& app, int& exitCode) {
  auto options = std::make_shared<CopyOptions>();
  CLI::App* command = app.add_subcommand("copy", "Print a call as text that makes it again");
  command->add_option("FILE", options->file, "The recording")->required();
  addValue(*command, "--call", options->call, "N", "The call, numbered from 1")->required();
  addValue(*command, "--as", options->as, "KIND", "As " + idsInWords())->required();
  addWorkspaceOptions(*command, options->workspace);
  command->callback([options, &exitCode] { exitCode = run(*options); });
}

}  // namespace retake::cli

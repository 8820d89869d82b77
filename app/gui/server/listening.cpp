#include "server/listening.h"

#include "detail/strings.h"
#include "serve/replay_server.h"

namespace retake::gui {

Result<QStringList> listenOn(ReplayServer& server, const std::vector<Workspace::Listen>& endpoints,
                             const QStringList& again) {
  QStringList addresses;
  for (std::size_t i = 0; i < endpoints.size(); ++i) {
    const auto& [address, tls] = endpoints[i];
    const std::string before = toUtf8(again.value(static_cast<qsizetype>(i)));
    auto listening = before.empty() ? server.listen(address, tls) : server.listen(before, tls);
    if (!listening && !before.empty() && before != address) listening = server.listen(address, tls);
    if (!listening) return listening.error();
    addresses += toQString(*listening);
  }
  return addresses;
}

QStringList warningsOf(const ReplayServer& server) {
  QStringList sentences;
  for (const std::string& warning : server.warnings()) sentences += toQString(warning);
  return sentences;
}

}  // namespace retake::gui

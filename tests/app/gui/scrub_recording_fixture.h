#pragma once

#include "opened_document.h"
#include "scrub/scrub_controller.h"
#include "scrub/scrub_edits.h"

namespace retake::test {

// Three calls with a token, two e-mail addresses and a header in them, and a stream without any of that.
inline ReplayFile secretsFile() {
  ReplayFile file("seed");
  file.unary("/shop.v1.Login/Open", {"shop.v1.User", field(1, "first@shop-mail.io") + field(2, "tok-1111")},
             {"shop.v1.Session", field(1, "tok-9999")});
  file.unary("/shop.v1.Login/Open", {"shop.v1.User", field(1, "second@shop-mail.io") + field(2, "tok-2222")},
             Status{7, "no session for tok-2222", {}});
  file.unary("/shop.v1.Cart/Add", {"shop.v1.Item", field(1, "sku-1")},
             {"shop.v1.Cart", field(1, "tok-1111")});
  const auto stream = file.createStream("/shop.v1.Feed/Watch");
  file.send(stream, {"shop.v1.WatchRequest", field(1, "all")});
  file.recv(stream, {"shop.v1.Event", field(1, "a")});
  file.recvEnd(stream);
  return file;
}

// "tok-1111" and the like, wherever they stand.
inline ScrubRule tokenRule(const std::string& name = "tokens") {
  ScrubRule rule;
  rule.name = name;
  rule.where.pattern = "tok-[0-9]+";
  return rule;
}

// A document with its rules counted.
struct CountedDocument : OpenedDocument {
  gui::ScrubController scrub{document};

  bool opensSecrets(const ScrubRules& rules = {}) {
    if (!open(secretsFile())) return false;
    if (!rules.empty()) gui::addScrubRules(document, rules, QStringLiteral("rules"));
    return counted();
  }
  bool counted() {
    return QTest::qWaitFor([this] { return scrub.counts() && !scrub.isCounting(); });
  }
};

}  // namespace retake::test

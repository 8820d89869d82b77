#pragma once

#include "detail/drafts.h"
#include "document/selection.h"
#include "opened_document.h"
#include "schema/sources.h"

namespace retake::test {

inline constexpr const char* kShopProto = R"(
syntax = "proto3";
package shop.v1;
import "google/protobuf/any.proto";
enum State { UNKNOWN = 0; OPEN = 1; CLOSED = 2; }
message Item {
  string sku = 1;
  int32 count = 2;
  State state = 3;
  bool gift = 4;
  double price = 5;
  repeated int32 sizes = 6;
  map<string, int32> stock = 7;
  map<string, string> labels = 8;
  Item inner = 9;
  sint64 delta = 10;
  fixed32 code = 11;
  bytes blob = 12;
  map<string, Item> parts = 13;
  google.protobuf.Any extra = 14;
  repeated fixed32 marks = 15;
  float weight = 16;
}
message Cart { string id = 1; repeated Item items = 2; }
message Event { string text = 1; }
service Shop {
  rpc Add(Item) returns (Cart);
  rpc Watch(Item) returns (stream Event);
}
)";

// A schema of kShopProto.
inline std::shared_ptr<const Schema> shopSchema() {
  QTemporaryDir folder;
  const QString path = folder.filePath(QStringLiteral("shop.proto"));
  QFile file(path);
  if (!file.open(QIODevice::WriteOnly)) qFatal("cannot write the schema");
  file.write(kShopProto);
  file.close();
  const std::vector<std::string> places{path.toStdString()};
  auto schema = loadSchema(places);
  if (!schema) qFatal("%s", schema.error().message.c_str());
  return *schema;
}

// An open recording of a shop, with what the panes need besides.
struct OpenedShop : OpenedDocument {
  gui::Selection selection{document};
  gui::Drafts drafts{document};

  bool loadSchemaToo() {
    const QString proto = write(QStringLiteral("shop.proto"), kShopProto);
    QSignalSpy loaded(&document, &gui::Document::schemaLoaded);
    document.setSchemaPlaces({proto});
    return QTest::qWaitFor([&] { return !loaded.isEmpty() && !document.isBusy(); });
  }
  std::string message(std::uint32_t position) const {
    const auto entry = document.snapshot().recording->entry(position);
    return entry ? std::string(entry->fields.message) : std::string("unreadable");
  }
};

inline std::string item(std::string_view sku, std::uint64_t count) { return field(1, sku) + field(2, count); }

// 0, 1: a unary call; 2, 3: one that failed; 4..8: a stream of one sent and two received messages, and its
// end; 9..12: a stream whose end is not recorded.
inline ReplayFile shopFile() {
  ReplayFile file("seed");
  file.unary("/shop.v1.Shop/Add", {"shop.v1.Item", item("A-1", 2)},
             {"shop.v1.Cart", field(1, "cart") + field(2, item("A-1", 2))});
  file.unary("/shop.v1.Shop/Add", {"shop.v1.Item", item("A-2", 1)},
             Status{5, "no such sku", {{"type.googleapis.com/google.rpc.ErrorInfo", field(1, "SOLD_OUT")}}});
  const auto ended = file.createStream("/shop.v1.Shop/Watch");
  file.send(ended, {"shop.v1.Item", item("A-1", 1)});
  file.recv(ended, {"shop.v1.Event", field(1, "one")});
  file.recv(ended, {"shop.v1.Event", field(1, "two")});
  file.recvEnd(ended);
  const auto open = file.createStream("/shop.v1.Shop/Watch");
  file.send(open, {"shop.v1.Item", item("A-3", 1)});
  file.recv(open, {"shop.v1.Event", field(1, "three")});
  file.recv(open, {"shop.v1.Event", field(1, "four")});
  return file;
}

}  // namespace retake::test

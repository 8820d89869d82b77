#pragma once

#include <QStringView>
#include <QSyntaxHighlighter>
#include <vector>

namespace retake::gui {

enum class TokenKind { Key, String, Number, Keyword };

struct Token {
  TokenKind kind;
  qsizetype start;
  qsizetype length;
};

// Finds the tokens of one line in one pass and appends them to `tokens`. What is in between is
// plain text.
using LineScanner = void (*)(QStringView line, std::vector<Token>& tokens);

void scanJsonLine(QStringView line, std::vector<Token>& tokens);

// Colours a document by a scanner, in the colours of the theme.
class Highlighter : public QSyntaxHighlighter {
  Q_OBJECT
 public:
  Highlighter(LineScanner scanner, QTextDocument* document);

 protected:
  void highlightBlock(const QString& line) override;

 private:
  LineScanner m_scanner;
  std::vector<Token> m_tokens;
};

}  // namespace retake::gui

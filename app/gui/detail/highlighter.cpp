#include "detail/highlighter.h"

#include <QTextCharFormat>

#include "theme/theme.h"

namespace retake::gui {
namespace {

// A longer line is one huge value: colouring it would only cost time.
constexpr qsizetype kLongLine = 10'000;

bool isWord(QChar c) { return c.isLetterOrNumber() || c == u'+' || c == u'-' || c == u'.' || c == u'_'; }

theme::Role roleOf(TokenKind kind) {
  switch (kind) {
    case TokenKind::Key:
      return theme::Role::SyntaxKey;
    case TokenKind::String:
      return theme::Role::SyntaxString;
    case TokenKind::Number:
      return theme::Role::SyntaxNumber;
    case TokenKind::Keyword:
      return theme::Role::SyntaxKeyword;
  }
  return theme::Role::Text;
}

}  // namespace

void scanJsonLine(QStringView line, std::vector<Token>& tokens) {
  qsizetype at = 0;
  while (at < line.size()) {
    const QChar c = line[at];
    if (c == u'"') {
      const qsizetype start = at++;
      while (at < line.size() && line[at] != u'"') at += line[at] == u'\\' ? 2 : 1;
      at = std::min(at + 1, line.size());
      qsizetype next = at;
      while (next < line.size() && line[next].isSpace()) ++next;
      const bool isKey = next < line.size() && line[next] == u':';
      tokens.push_back({isKey ? TokenKind::Key : TokenKind::String, start, at - start});
    } else if (isWord(c)) {
      const qsizetype start = at;
      while (at < line.size() && isWord(line[at])) ++at;
      const QStringView word = line.sliced(start, at - start);
      if (c.isDigit() || c == u'-' || c == u'+')
        tokens.push_back({TokenKind::Number, start, at - start});
      else if (word == u"true" || word == u"false" || word == u"null")
        tokens.push_back({TokenKind::Keyword, start, at - start});
    } else {
      ++at;
    }
  }
}

Highlighter::Highlighter(LineScanner scanner, QTextDocument* document)
    : QSyntaxHighlighter(document), m_scanner(scanner) {}

void Highlighter::highlightBlock(const QString& line) {
  if (line.size() > kLongLine) return;
  m_tokens.clear();
  m_scanner(line, m_tokens);
  for (const Token& token : m_tokens)
    setFormat(static_cast<int>(token.start), static_cast<int>(token.length),
              theme::color(roleOf(token.kind)));
}

}  // namespace retake::gui

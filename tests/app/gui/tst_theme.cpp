#include "theme/theme.h"

#include <QApplication>
#include <QPainter>
#include <QPlainTextEdit>
#include <QProxyStyle>
#include <QStyleOption>
#include <QTest>
#include <cmath>

using namespace retake::gui;
using theme::Role;

namespace {

// WCAG 2.1: relative luminance, and the contrast of two colours.
double luminance(const QColor& color) {
  const auto linear = [](double c) { return c <= 0.03928 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4); };
  return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF());
}

double contrast(const QColor& a, const QColor& b) {
  const double x = luminance(a);
  const double y = luminance(b);
  return (std::max(x, y) + 0.05) / (std::min(x, y) + 0.05);
}

// As the widget of that kind is drawn, without the focus.
void drawControl(const QString& control, const QRect& rect, bool over, QPainter& painter) {
  QStyle& style = *QApplication::style();
  const auto prepare = [&](QStyleOption& option) {
    option.rect = rect;
    option.palette = QApplication::palette();
    option.state = QStyle::State_Enabled | (over ? QStyle::State_MouseOver : QStyle::State_None);
  };
  if (control == u"field") {
    QStyleOptionFrame option;
    prepare(option);
    option.lineWidth = 1;
    style.drawPrimitive(QStyle::PE_PanelLineEdit, &option, &painter);
  } else if (control == u"button") {
    QStyleOptionButton option;
    prepare(option);
    style.drawControl(QStyle::CE_PushButtonBevel, &option, &painter);
  } else if (control.endsWith(u"combo box")) {
    QStyleOptionComboBox option;
    prepare(option);
    option.editable = control != u"combo box";
    style.drawComplexControl(QStyle::CC_ComboBox, &option, &painter);
  } else if (control == u"spin box") {
    QStyleOptionSpinBox option;
    prepare(option);
    option.frame = true;
    style.drawComplexControl(QStyle::CC_SpinBox, &option, &painter);
  } else {
    QStyleOptionFrame option;
    prepare(option);
    option.frameShape = QFrame::StyledPanel;
    option.lineWidth = 1;
    const QPlainTextEdit edit;
    style.drawControl(QStyle::CE_ShapedFrame, &option, &painter, &edit);
  }
}

// The style has the last word on what the platform's palette is.
class PlatformStyle final : public QProxyStyle {
 public:
  explicit PlatformStyle(const QColor& window) : m_palette(window) {}
  void polish(QPalette& palette) override { palette = m_palette; }
  using QProxyStyle::polish;

 private:
  QPalette m_palette;
};

}  // namespace

class tst_Theme : public QObject {
  Q_OBJECT
 private slots:
  void textCanBeRead_data() {
    QTest::addColumn<bool>("dark");
    QTest::newRow("light") << false;
    QTest::newRow("dark") << true;
  }
  void textCanBeRead() {
    QFETCH(bool, dark);
    theme::apply(*qApp, dark ? theme::Mode::Dark : theme::Mode::Light);
    QCOMPARE(theme::isDark(), dark);
    for (const Role text : {Role::Text, Role::TextMuted, Role::Accent, Role::Error, Role::Warning,
                            Role::Edited, Role::Scrubbed, Role::Matched, Role::Unused, Role::SyntaxKey,
                            Role::SyntaxString, Role::SyntaxNumber, Role::SyntaxKeyword}) {
      for (const Role ground : {Role::Surface, Role::Raised}) {
        const double ratio = contrast(theme::color(text), theme::color(ground));
        QVERIFY2(ratio >= 4.5, qPrintable(QStringLiteral("%1 on %2: %3")
                                              .arg(static_cast<int>(text))
                                              .arg(static_cast<int>(ground))
                                              .arg(ratio)));
      }
    }
    for (const Role ground : {Role::SelectionFill, Role::Hover, Role::ErrorFill, Role::EditedFill})
      QVERIFY(contrast(theme::color(Role::Text), theme::color(ground)) >= 4.5);
    QVERIFY(contrast(theme::color(Role::AccentText), theme::color(Role::Accent)) >= 4.5);
  }

  // WCAG 1.4.11: 3 to 1 for what shows that something can be checked.
  void boxesCanBeSeen_data() {
    QTest::addColumn<bool>("dark");
    QTest::addColumn<QStyle::PrimitiveElement>("box");
    for (const bool dark : {false, true}) {
      const QByteArray mode = dark ? ", dark" : ", light";
      QTest::newRow("check box" + mode) << dark << QStyle::PE_IndicatorCheckBox;
      QTest::newRow("radio button" + mode) << dark << QStyle::PE_IndicatorRadioButton;
      QTest::newRow("row of a table" + mode) << dark << QStyle::PE_IndicatorItemViewItemCheck;
    }
  }
  void boxesCanBeSeen() {
    QFETCH(bool, dark);
    QFETCH(QStyle::PrimitiveElement, box);
    theme::apply(*qApp, dark ? theme::Mode::Dark : theme::Mode::Light);
    for (const Role ground : {Role::Surface, Role::Raised, Role::Hover, Role::SelectionFill}) {
      const QColor behind = theme::color(ground);
      QImage image(14, 14, QImage::Format_RGB32);
      image.fill(behind);
      QStyleOptionViewItem row;
      QStyleOptionButton button;
      QStyleOption& option =
          box == QStyle::PE_IndicatorItemViewItemCheck ? static_cast<QStyleOption&>(row) : button;
      option.rect = image.rect();
      option.palette = QApplication::palette();
      option.state = QStyle::State_Enabled | QStyle::State_Off;
      QPainter painter(&image);
      qApp->style()->drawPrimitive(box, &option, &painter);
      painter.end();
      const double ratio = contrast(image.pixelColor(0, 7), behind);
      QVERIFY2(ratio >= 3, qPrintable(QStringLiteral("on %1: %2").arg(static_cast<int>(ground)).arg(ratio)));
    }
  }

  // The same for the outline of what can be typed into or pressed, on all that it lies on and around all that
  // it is filled with.
  void outlinesCanBeSeen_data() {
    QTest::addColumn<bool>("dark");
    QTest::addColumn<QString>("control");
    QTest::addColumn<bool>("over");
    for (const bool dark : {false, true})
      for (const char* control : {"field", "button", "combo box", "editable combo box", "spin box", "text"})
        for (const bool over : {false, true})
          QTest::addRow("%s%s, %s", control, over ? " under the mouse" : "", dark ? "dark" : "light")
              << dark << QString(control) << over;
  }
  void outlinesCanBeSeen() {
    QFETCH(bool, dark);
    QFETCH(QString, control);
    QFETCH(bool, over);
    theme::apply(*qApp, dark ? theme::Mode::Dark : theme::Mode::Light);
    for (const Role ground : {Role::Surface, Role::Raised, Role::SelectionFill, Role::ErrorFill}) {
      QImage image(120, 40, QImage::Format_RGB32);
      image.fill(theme::color(ground));
      const QRect rect(10, 5, 100, 30);
      QPainter painter(&image);
      drawControl(control, rect, over, painter);
      painter.end();
      const QColor around = theme::color(ground);
      const QColor line = image.pixelColor(rect.left(), rect.center().y());
      const QColor within = image.pixelColor(rect.left() + 2, rect.center().y());
      for (const QColor& beside : {around, within}) {
        const double ratio = contrast(line, beside);
        QVERIFY2(ratio >= 3,
                 qPrintable(QStringLiteral("%1 beside %2: %3").arg(line.name(), beside.name()).arg(ratio)));
      }
      QCOMPARE(image.pixelColor(rect.left() - 1, rect.center().y()), around);
    }
  }

  void iconsFollowTheTheme() {
    const QIcon icon = theme::icon(QStringLiteral("open"));
    QVERIFY(!icon.isNull());
    theme::apply(*qApp, theme::Mode::Light);
    const QImage light = icon.pixmap(16).toImage();
    theme::apply(*qApp, theme::Mode::Dark);
    QVERIFY(icon.pixmap(16).toImage() != light);
    QVERIFY(theme::icon(QStringLiteral("no such icon")).pixmap(16).toImage() != light);
  }

  // The desktop turns dark while the program runs.
  void systemFollowsThePlatform() {
    theme::apply(*qApp, theme::Mode::System);
    QVERIFY(!theme::isDark());
    QApplication::setStyle(new PlatformStyle(Qt::black));
    QEvent changed(QEvent::ThemeChange);
    QApplication::sendEvent(qApp, &changed);
    QTRY_VERIFY(theme::isDark());
    QCOMPARE(QApplication::palette().color(QPalette::Window), theme::color(Role::Raised));

    // Who chose a theme keeps it, and finds the platform's when going back.
    theme::apply(*qApp, theme::Mode::Light);
    QVERIFY(!theme::isDark());
    QApplication::sendEvent(qApp, &changed);
    QCoreApplication::processEvents();
    QVERIFY(!theme::isDark());
    QApplication::setStyle(new PlatformStyle(Qt::white));
    QApplication::sendEvent(qApp, &changed);
    QCoreApplication::processEvents();
    theme::apply(*qApp, theme::Mode::System);
    QVERIFY(!theme::isDark());
  }

  void dataIsOneStepSmaller() {
    QCOMPARE(theme::dataFont().pointSizeF(), QApplication::font().pointSizeF() - 1);
    QVERIFY(QFontInfo(theme::dataFont()).fixedPitch());
  }
};

QTEST_MAIN(tst_Theme)
#include "tst_theme.moc"

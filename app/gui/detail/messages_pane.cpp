#include "detail/messages_pane.h"

#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>

#include "detail/messages_model.h"
#include "detail/padded_cells.h"
#include "detail/text_label.h"
#include "document/document.h"
#include "document/selection.h"

namespace retake::gui {

MessagesPane::MessagesPane(Document& document, Selection& selection, QWidget* parent)
    : QWidget(parent),
      m_document(document),
      m_selection(selection),
      m_model(new MessagesModel(document, this)),
      m_pages(new QStackedWidget(this)),
      m_table(new QTableView(this)),
      m_empty(new TextLabel(theme::Role::TextMuted, this)) {
  setObjectName(QStringLiteral("messagesPane"));
  setAccessibleName(tr("Messages"));
  m_table->setObjectName(QStringLiteral("messagesTable"));
  m_table->setAccessibleName(tr("Messages of the call"));
  m_table->setHorizontalHeader(new PaddedHeader(m_table));
  m_table->setItemDelegate(new PaddedDelegate(m_table));
  m_table->setItemDelegateForColumn(MessagesModel::PreviewColumn,
                                    new PaddedDelegate(m_table, Qt::ElideRight));
  // The last name tells most.
  m_table->setItemDelegateForColumn(MessagesModel::TypeColumn, new PaddedDelegate(m_table, Qt::ElideLeft));
  m_table->setModel(m_model);
  m_table->setFrameShape(QFrame::NoFrame);
  m_table->setShowGrid(false);
  m_table->setWordWrap(false);
  m_table->setTabKeyNavigation(false);
  m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
  m_table->setSelectionMode(QAbstractItemView::SingleSelection);
  m_table->setFont(theme::dataFont());
  m_table->verticalHeader()->hide();
  // Fixed: resizing to contents would look at every row.
  m_table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
  m_table->verticalHeader()->setDefaultSectionSize(m_table->fontMetrics().height() + 2 * theme::kGrid);
  m_table->horizontalHeader()->setStretchLastSection(true);
  const int em = m_table->fontMetrics().horizontalAdvance(u'M');
  m_table->setColumnWidth(MessagesModel::NumberColumn, 7 * em);
  m_table->setColumnWidth(MessagesModel::DirectionColumn, 3 * em);
  m_table->setColumnWidth(MessagesModel::TypeColumn, 24 * em);
  m_table->setColumnWidth(MessagesModel::SizeColumn, 9 * em);
  m_empty->setWrap(true);
  m_empty->setAlignment(Qt::AlignCenter);
  m_empty->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
  m_empty->setContentsMargins(theme::kPaneMargin, theme::kPaneMargin, theme::kPaneMargin, theme::kPaneMargin);
  m_pages->addWidget(m_table);
  m_pages->addWidget(m_empty);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(m_pages);

  connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
          [this](const QModelIndex& current) {
            if (m_following || !current.isValid()) return;
            m_selection.selectEntry(m_model->entryAt(current.row()));
          });
  connect(&selection, &Selection::callChanged, this, &MessagesPane::reload);
  connect(&selection, &Selection::entryChanged, this, &MessagesPane::followSelection);
  connect(&document, &Document::changed, this, [this](const SnapshotChange& change) {
    if (change.touches(m_selection.call())) reload();
  });
  reload();
}

void MessagesPane::reload() {
  m_following = true;
  const auto call = m_selection.call();
  m_model->setCall(call);
  m_following = false;
  const bool some = m_model->rowCount() > 0;
  m_pages->setCurrentWidget(some ? static_cast<QWidget*>(m_table) : m_empty);
  m_empty->setText(
      !call ? tr("The messages of the selected call stand here, in the order they were recorded. Choose "
                 "a call in the timeline or in the table.")
            : tr("Nothing went over this stream: it was opened, and no message was recorded."));
  followSelection();
}

void MessagesPane::followSelection() {
  m_following = true;
  // Always a current row: Qt 6.4's accessible table crashes without one.
  if (const auto row = m_model->rowOf(m_selection.entry())) {
    if (m_table->currentIndex().row() != *row) m_table->setCurrentIndex(m_model->index(*row, 0));
    m_table->scrollTo(m_model->index(*row, 0));
  } else if (m_model->rowCount() > 0 && !m_table->currentIndex().isValid()) {
    m_table->setCurrentIndex(m_model->index(0, 0));
    m_table->clearSelection();
  }
  m_following = false;
}

}  // namespace retake::gui

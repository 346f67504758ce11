import Pagination from '@cloudscape-design/components/pagination';
import { useTexts } from '../i18n/texts-context.tsx';

/** The pages of a table that the server pages. */
export function TablePages(props: { page: number; pageSize: number; total: number; onPage: (page: number) => void }) {
  const { t, number } = useTexts();
  const pages = Math.max(1, Math.ceil(props.total / props.pageSize));
  return (
    <Pagination
      currentPageIndex={props.page}
      // A page beyond the end (rows went away, or an old address) can still be left.
      pagesCount={Math.max(pages, props.page)}
      ariaLabels={{
        nextPageLabel: t('table.page.next'),
        previousPageLabel: t('table.page.previous'),
        pageLabel: (page) => t('table.page', { page: number(page) }),
        paginationLabel: t('table.pages'),
      }}
      onChange={({ detail }) => props.onPage(detail.currentPageIndex)}
    />
  );
}

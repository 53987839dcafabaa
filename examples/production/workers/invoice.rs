//! The invoice, as PDF.

use crate::order::{Cents, Item, Order};
use pdf_writer::{Content, Finish, Name, Pdf, Rect, Ref, Str, TextStr};

/// A4, in points.
const PAGE_WIDTH: f32 = 595.0;
const PAGE_HEIGHT: f32 = 842.0;
const MARGIN: f32 = 50.0;
/// Every reader has this font, and all its letters are equally wide: 0.6 of the size.
const FONT: &[u8] = b"Courier";
const SIZE: f32 = 9.0;
const LEADING: f32 = 13.0;
const LINES_ON_A_PAGE: usize = 56;
const WIDTH: usize = 90;

/// The invoice of an order; the same bytes each time.
pub(super) fn pdf(order: &Order) -> Vec<u8> {
    let lines = lines(order);
    let pages: Vec<_> = lines.chunks(LINES_ON_A_PAGE).collect();
    let [catalog, tree, font, info] = [1, 2, 3, 4].map(Ref::new);
    let page = |at: usize| Ref::new(5 + 2 * at as i32);

    let mut pdf = Pdf::new();
    pdf.catalog(catalog).pages(tree);
    let title = format!("Invoice of order {}", order.id);
    pdf.document_info(info).title(TextStr(&title));
    pdf.pages(tree)
        .kids((0..pages.len()).map(page))
        .count(pages.len() as i32);
    pdf.type1_font(font)
        .base_font(Name(FONT))
        .encoding_predefined(Name(b"WinAnsiEncoding"));
    for (at, lines) in pages.into_iter().enumerate() {
        let content = Ref::new(page(at).get() + 1);
        let mut written = pdf.page(page(at));
        written
            .media_box(Rect::new(0.0, 0.0, PAGE_WIDTH, PAGE_HEIGHT))
            .parent(tree)
            .contents(content);
        written.resources().fonts().pair(Name(b"F"), font);
        written.finish();
        pdf.stream(content, &text(lines).finish());
    }
    pdf.finish()
}

/// The lines of one page, from its top.
fn text(lines: &[String]) -> Content {
    let mut content = Content::new();
    content.begin_text();
    content.set_font(Name(b"F"), SIZE);
    content.set_leading(LEADING);
    content.next_line(MARGIN, PAGE_HEIGHT - MARGIN - SIZE);
    for line in lines {
        content.show(Str(&latin(line)));
        content.next_line_using_leading();
    }
    content.end_text();
    content
}

fn lines(order: &Order) -> Vec<String> {
    let mut lines = vec![format!("Invoice of order {}", order.id), String::new()];
    lines.extend(wrapped(&order.customer));
    lines.extend(wrapped(&order.email));
    lines.push(String::new());
    lines.extend(order.items.iter().map(line));
    lines.extend([
        String::new(),
        format!("{:>90}", format!("Total {}", order.total())),
    ]);
    lines
}

fn wrapped(text: &str) -> Vec<String> {
    let letters: Vec<char> = text.chars().collect();
    letters
        .chunks(WIDTH)
        .map(|part| part.iter().collect())
        .collect()
}

fn line(item: &Item) -> String {
    let Item {
        sku,
        quantity,
        price_cents,
    } = item;
    format!("{quantity:>6} x {sku:<64} {:>16}", Cents(*price_cents))
}

/// The font has the letters of western Europe; any other becomes a question mark.
fn latin(text: &str) -> Vec<u8> {
    let letter = |c: char| match c {
        ' '..='~' | '\u{a0}'..='\u{ff}' => c as u8,
        '€' => 0x80,
        _ => b'?',
    };
    text.chars().map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::order::NewOrder;

    fn order(customer: &str, items: usize) -> Order {
        let item = Item {
            sku: "tea".into(),
            quantity: 2,
            price_cents: 450,
        };
        let order = NewOrder {
            customer: customer.into(),
            email: "ada@example.org".into(),
            items: vec![item; items],
        };
        order.accept()
    }

    fn contains(pdf: &[u8], what: &[u8]) -> bool {
        pdf.windows(what.len()).any(|part| part == what)
    }

    #[test]
    fn an_invoice_has_its_lines_and_is_the_same_each_time() {
        let order = order("Zoë", 1);
        let made = pdf(&order);
        assert!(made.starts_with(b"%PDF-"));
        assert!(made.trim_ascii_end().ends_with(b"%%EOF"));
        // Text that is not ASCII is written as its bytes, in hexadecimal.
        for text in [&b"<5A6FEB>"[..], b"tea", b"Total 9.00", b"/Count 1"] {
            assert!(contains(&made, text), "{}", String::from_utf8_lossy(text));
        }
        assert_eq!(made, pdf(&order));
    }

    #[test]
    fn a_long_invoice_has_several_pages() {
        assert!(contains(&pdf(&order("Ada", 100)), b"/Count 2"));
    }

    #[test]
    fn no_line_is_wider_than_a_page() {
        let mut order = order(&"x".repeat(200), 1);
        order.items[0].sku = "s".repeat(64);
        order.items[0].quantity = 10_000;
        order.items[0].price_cents = 100_000_000;
        order.email = "e".repeat(254);
        let wide = lines(&order)
            .into_iter()
            .find(|line| line.chars().count() > WIDTH);
        assert_eq!(wide, None);
    }
}

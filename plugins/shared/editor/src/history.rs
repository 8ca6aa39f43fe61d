//! The history graph: the last seconds of something in columns of equal time, which scroll by as new ones come.

use egui::{Painter, Pos2, Rect, Shape, Stroke, pos2};
use std::collections::VecDeque;

/// What was in the last columns, oldest first: there are always as many as at first.
#[derive(Clone, Debug)]
pub struct History<T> {
    columns: VecDeque<T>,
    /// Newest columns that are all the same.
    same: usize,
}

impl<T: Clone + PartialEq> History<T> {
    /// So many columns, in all of which was `rest`. Allocates.
    ///
    /// # Panics
    /// When there are none.
    pub fn new(columns: usize, rest: T) -> Self {
        assert!(columns > 0, "a history of no time");
        Self { columns: VecDeque::from(vec![rest; columns]), same: columns }
    }

    /// Forgets all that was: `rest` in all columns.
    pub fn fill(&mut self, rest: T) {
        self.columns.iter_mut().for_each(|column| *column = rest.clone());
        self.same = self.columns.len();
    }

    /// Takes the column that comes next, for which the oldest goes. Returns whether any looks different. Does not allocate.
    pub fn push(&mut self, column: T) -> bool {
        let (known, all) = (self.columns.back() == Some(&column), self.columns.len());
        let moved = !known || self.same < all;
        self.same = if known { (self.same + 1).min(all) } else { 1 };
        self.columns.pop_front();
        self.columns.push_back(column);
        moved
    }

    /// The columns, oldest first.
    pub fn columns(&self) -> impl ExactSizeIterator<Item = &T> {
        self.columns.iter()
    }

    /// The column of this index: 0 is the oldest.
    ///
    /// # Panics
    /// When there is none.
    pub fn column(&self, index: usize) -> &T {
        &self.columns[index]
    }

    /// Where a column lies in a field: the oldest at its left edge, the newest at its right.
    pub fn x(&self, field: Rect, column: usize) -> f32 {
        field.left() + field.width() * column as f32 / (self.columns.len() - 1).max(1) as f32
    }

    /// Draws a line over the field through the heights that `y` gives of the columns, in points, broken where it gives none.
    pub fn draw(&self, painter: &Painter, field: Rect, stroke: Stroke, y: impl Fn(&T) -> Option<f32>) {
        let point = |(k, column)| y(column).map(|y| pos2(self.x(field, k), y));
        trace(painter, self.columns.iter().enumerate().map(point), stroke);
    }
}

/// Draws a line through the points, broken where there is none. Allocates.
pub fn trace(painter: &Painter, points: impl Iterator<Item = Option<Pos2>>, stroke: Stroke) {
    let mut run = Vec::with_capacity(points.size_hint().0);
    for point in points.chain([None]) {
        match point {
            Some(point) => run.push(point),
            None if run.len() > 1 => {
                painter.add(Shape::line(std::mem::take(&mut run), stroke));
            }
            None => run.clear(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::{Color32, Context, RawInput};

    const FIELD: Rect = Rect { min: pos2(10.0, 20.0), max: pos2(110.0, 60.0) };

    /// The lines that are drawn of a history, from left to right.
    fn drawn(history: &History<Option<f32>>) -> Vec<Vec<Pos2>> {
        let stroke = Stroke::new(1.0, Color32::WHITE);
        let draw = |ui: &mut egui::Ui| history.draw(ui.painter(), FIELD, stroke, |y| *y);
        let mut output = Context::default().run_ui(RawInput::default(), draw);
        output.textures_delta.clear();
        let lines = output.shapes.into_iter().filter_map(|shape| match shape.shape {
            Shape::Path(path) => Some(path.points),
            Shape::LineSegment { points, .. } => Some(points.to_vec()),
            _ => None,
        });
        lines.collect()
    }

    #[test]
    fn columns_go_by_and_all_the_same_is_no_movement() {
        let mut history = History::new(3, 0);
        assert!(!history.push(0), "rest goes on");
        assert!([1, 2, 3, 4].into_iter().all(|column| history.push(column)));
        assert_eq!(history.columns().copied().collect::<Vec<_>>(), [2, 3, 4]);
        assert_eq!([history.push(4), history.push(4), history.push(4)], [true, true, false], "until all are the same");
        history.fill(7);
        assert_eq!((*history.column(0), history.push(7)), (7, false));
    }

    #[test]
    fn it_is_drawn_from_edge_to_edge_and_broken_where_nothing_is_known() {
        let mut history = History::new(5, None);
        assert!(drawn(&history).is_empty());
        let ys = [Some(30.0), Some(40.0), None, Some(50.0), Some(25.0)];
        assert!(ys.into_iter().all(|y| history.push(y)));
        let lines = drawn(&history);
        assert_eq!(lines, [vec![pos2(10.0, 30.0), pos2(35.0, 40.0)], vec![pos2(85.0, 50.0), pos2(110.0, 25.0)]]);
    }

    #[test]
    fn a_single_point_is_no_line() {
        let mut history = History::new(3, None);
        assert!([Some(30.0), None].into_iter().all(|y| history.push(y)));
        assert!(drawn(&history).is_empty());
        assert_eq!(History::new(1, ()).x(FIELD, 0), FIELD.left());
    }
}

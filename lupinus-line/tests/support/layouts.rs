//! Layouts with everything that Flex has, by the typed builders only.

use lupinus_line::message::flex::{
    Align, AlignItems, AspectMode, BlockStyle, BorderWidth, Bubble, BubbleSize, Button, ButtonHeight,
    ButtonStyle, Carousel, Container, Decoration, Direction, Filler, FlexBox, FontStyle, Gravity, Icon,
    Image, Justify, Length, LinearGradient, Position, Separator, Size, Spacing, Span, Text, Video, Weight,
};
use lupinus_line::message::{Action, DatetimeMode, InputOption, MediaUrl};

pub(crate) fn url(path: &str) -> MediaUrl {
    MediaUrl::new(format!("https://cdn.example.org/{path}")).unwrap()
}

fn labelled(action: Action) -> Action {
    action.label("押す")
}

/// Every action that works in a layout, with everything it may have.
fn actions() -> Vec<Action> {
    let picker = |mode, first, last, at| {
        Action::datetime_picker("slot", mode).unwrap().range(Some(first), Some(last), Some(at)).unwrap()
    };
    let option = |option| Action::postback("a=1").unwrap().input_option(option).unwrap();
    vec![
        labelled(Action::message("こんにちは").unwrap()),
        labelled(Action::uri("https://example.org").unwrap().desktop_uri("https://example.org/pc").unwrap()),
        labelled(Action::postback("a=1").unwrap().display_text("はい").unwrap().fill_in("件名: ").unwrap()),
        labelled(option(InputOption::CloseRichMenu)),
        labelled(option(InputOption::OpenRichMenu)),
        labelled(option(InputOption::OpenVoice)),
        labelled(picker(DatetimeMode::Date, "2026-01-01", "2026-12-31", "2026-07-01")),
        labelled(picker(DatetimeMode::Time, "09:00", "17:00", "10:30")),
        labelled(picker(DatetimeMode::Datetime, "2026-01-01T09:00", "2026-12-31T17:00", "2026-07-01T10:30")),
        labelled(Action::clipboard("12").unwrap()),
    ]
}

fn open() -> Action {
    Action::uri("https://example.org").unwrap().label("見る")
}

fn texts() -> FlexBox {
    let span = Span::new("定員")
        .size(Size::Xs)
        .color("#112233")
        .weight(Weight::Regular)
        .style(FontStyle::Normal)
        .decoration(Decoration::None);
    let text = Text::new("受付")
        .flex(0)
        .size(Size::Px(14))
        .align(Align::Start)
        .gravity(Gravity::Top)
        .color("#11223344")
        .bold()
        .italic()
        .decoration(Decoration::Underline)
        .wrap()
        .line_spacing_px(6)
        .margin(Spacing::Xxl)
        .position(Position::Relative)
        .offset_top(Spacing::Xs)
        .offset_bottom(Spacing::Px(0))
        .offset_start(Length::Percent(5))
        .offset_end(Length::Px(3))
        .action(&open())
        .max_lines(3)
        .shrink_to_fit()
        .scaling();
    FlexBox::vertical()
        .child(text)
        .child(Text::of([
            span,
            Span::new("要").decoration(Decoration::Underline),
            Span::new("30名").bold().italic().decoration(Decoration::LineThrough),
        ]))
        .child(
            Text::new("中")
                .align(Align::Center)
                .gravity(Gravity::Center)
                .weight(Weight::Regular)
                .style(FontStyle::Normal)
                .decoration(Decoration::None),
        )
        .child(Text::new("終").align(Align::End).gravity(Gravity::Bottom).decoration(Decoration::LineThrough))
        .child(Text::new("別").position(Position::Absolute))
}

fn pictures() -> FlexBox {
    let image = Image::new(url("a.png"))
        .flex(2)
        .margin(Spacing::None)
        .position(Position::Absolute)
        .offset_top(Length::Px(1))
        .offset_bottom(Length::Px(2))
        .offset_start(Spacing::Md)
        .offset_end(Spacing::Lg)
        .align(Align::Center)
        .gravity(Gravity::Bottom)
        .size(Size::Full)
        .aspect_ratio(100_000, 99_999)
        .aspect_mode(AspectMode::Cover)
        .background_color("#FFFFFF")
        .action(&open())
        .animated();
    let icon = Icon::new(url("i.png"))
        .size(Size::Xl5)
        .aspect_ratio(1, 3)
        .margin(Spacing::Sm)
        .position(Position::Relative)
        .offset_top(Spacing::Xl)
        .offset_bottom(Spacing::None)
        .offset_start(Spacing::Xxl)
        .offset_end(Spacing::Sm)
        .scaling();
    let sizes = [
        Size::Xxs,
        Size::Xs,
        Size::Sm,
        Size::Md,
        Size::Lg,
        Size::Xl,
        Size::Xxl,
        Size::Xl3,
        Size::Xl4,
        Size::Xl5,
        Size::Px(30),
        Size::Percent(50),
    ];
    FlexBox::horizontal()
        .child(image)
        .children(sizes.map(|size| Image::new(url("b.png")).size(size).aspect_mode(AspectMode::Fit)))
        .child(
            Image::new(url("c.png")).align(Align::Start).gravity(Gravity::Top).position(Position::Relative),
        )
        .child(Image::new(url("d.png")).align(Align::End).gravity(Gravity::Center))
        .child(FlexBox::baseline().child(Icon::new(url("j.png")).position(Position::Absolute)))
        .child(FlexBox::baseline().child(icon).child(Filler::new().flex(1)).child(Text::new("a")))
}

fn boxes() -> FlexBox {
    let gradient = LinearGradient::new(359, "#000000", "#FFFFFF80").through("#808080", 100);
    let box_ = FlexBox::horizontal()
        .flex(1)
        .spacing(Spacing::Px(4))
        .margin(Spacing::Lg)
        .position(Position::Absolute)
        .offset_top(Spacing::Px(1))
        .offset_bottom(Spacing::Px(1))
        .offset_start(Spacing::Px(1))
        .offset_end(Spacing::Px(1))
        .background_color("#00000000")
        .border_color("#abcdef")
        .border_width(BorderWidth::SemiBold)
        .corner_radius(Spacing::Xl)
        .width(Length::Px(100))
        .max_width(Length::Percent(100))
        .height(Length::Px(100))
        .max_height(Length::Percent(50))
        .padding(Spacing::Md)
        .padding_top(Length::Percent(1))
        .padding_bottom(Spacing::Sm)
        .padding_start(Length::Px(2))
        .padding_end(Spacing::None)
        .action(&open())
        .justify(Justify::SpaceBetween)
        .align_items(AlignItems::Center)
        .background(gradient);
    let edges = [
        BorderWidth::None,
        BorderWidth::Light,
        BorderWidth::Normal,
        BorderWidth::Medium,
        BorderWidth::Bold,
        BorderWidth::Px(2),
    ];
    let spread =
        [Justify::FlexStart, Justify::Center, Justify::FlexEnd, Justify::SpaceAround, Justify::SpaceEvenly];
    FlexBox::vertical()
        .child(box_)
        .children(edges.map(|width| FlexBox::vertical().border_width(width)))
        .children(spread.map(|justify| FlexBox::horizontal().justify(justify)))
        .children([AlignItems::FlexStart, AlignItems::FlexEnd].map(|at| FlexBox::vertical().align_items(at)))
        .child(FlexBox::vertical().position(Position::Relative))
        .child(Separator::new().margin(Spacing::Md).color("#CCCCCC"))
}

fn buttons() -> FlexBox {
    let button = Button::new(open())
        .flex(1)
        .color("#00B900")
        .style(ButtonStyle::Link)
        .gravity(Gravity::Center)
        .margin(Spacing::Xs)
        .position(Position::Relative)
        .offset_top(Spacing::Md)
        .offset_bottom(Spacing::Md)
        .offset_start(Spacing::Md)
        .offset_end(Spacing::Md)
        .height(ButtonHeight::Sm)
        .shrink_to_fit()
        .scaling();
    FlexBox::vertical()
        .child(button)
        .child(Button::primary(open()).height(ButtonHeight::Md).gravity(Gravity::Top))
        .child(Button::secondary(open()).gravity(Gravity::Bottom).position(Position::Absolute))
        .children(actions().into_iter().map(Button::new))
}

/// A bubble with a video.
pub(crate) fn video(size: BubbleSize) -> Bubble {
    let instead = Image::new(url("v.jpg")).size(Size::Full);
    Bubble::new()
        .size(size)
        .hero(Video::new(url("v.mp4"), url("v.jpg"), instead).aspect_ratio(16, 9).action(&open()))
}

/// Containers that together have every component, property and word.
pub(crate) fn everything() -> Vec<Container> {
    let style = || BlockStyle::new().background_color("#EEEEEE").separator().separator_color("#999999");
    let whole = Bubble::new()
        .size(BubbleSize::Giga)
        .direction(Direction::RightToLeft)
        .header(texts())
        .hero(pictures())
        .body(boxes())
        .footer(buttons())
        .header_style(style())
        .hero_style(style())
        .body_style(style())
        .footer_style(style())
        .action(open());
    let sized = |size| {
        let bubble = || Bubble::new().size(size).direction(Direction::LeftToRight).body(texts());
        Container::from(Carousel::new([bubble(), bubble()]))
    };
    let sizes = [
        BubbleSize::Nano,
        BubbleSize::Micro,
        BubbleSize::Deca,
        BubbleSize::Hecto,
        BubbleSize::Kilo,
        BubbleSize::Mega,
    ];
    let mut all = vec![Container::from(whole), Container::from(video(BubbleSize::Kilo))];
    all.extend(sizes.map(sized));
    all
}

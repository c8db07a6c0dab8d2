// The sizes behind the words of Flex messages, in CSS pixels, as LINE's Flex Message Simulator draws them.
// Words: https://developers.line.biz/en/docs/messaging-api/flex-message-layout/

export const LETTERS = { xxs: 11, xs: 13, sm: 14, md: 16, lg: 19, xl: 22, xxl: 29, "3xl": 35, "4xl": 48, "5xl": 74 };
export const SPACES = { none: 0, xs: 2, sm: 4, md: 8, lg: 12, xl: 16, xxl: 20 };
export const IMAGES = { xxs: 40, xs: 60, sm: 80, md: 100, lg: 120, xl: 140, xxl: 160, "3xl": 180, "4xl": 200, "5xl": 220 };
export const BORDERS = { none: 0, light: 0.5, normal: 1, medium: 2, "semi-bold": 3, bold: 4 };

/** Width, corner and the padding of the blocks of a bubble. */
export const BUBBLES = {
  nano: { width: 120, corner: 10, header: "10px", body: "10px", bodyAboveFooter: "10px" },
  micro: { width: 160, corner: 10, header: "10px", body: "10px", bodyAboveFooter: "10px" },
  deca: { width: 220, corner: 10, header: "11px 14px 13px", body: "11px 14px 13px", bodyAboveFooter: "11px 14px 17px" },
  hecto: { width: 241, corner: 10, header: "11px 14px 13px", body: "11px 14px 13px", bodyAboveFooter: "11px 14px 17px" },
  kilo: { width: 260, corner: 10, header: "13px", body: "13px", bodyAboveFooter: "13px 13px 17px" },
  mega: { width: 300, corner: 17, header: "20px", body: "19px 20px 20px", bodyAboveFooter: "19px 20px 10px" },
  giga: { width: 500, corner: 5, header: "20px", body: "19px 20px 20px", bodyAboveFooter: "19px 20px 10px" },
};
export const FOOTER = "10px";

/** A length: a word of the scale, or pixels or percents as they are. */
export const length = (value, scale) => (value in scale ? `${scale[value]}px` : value);

/** A size of letters; with `scaling` it follows the size that the person has chosen in the app. */
export function letterSize(part, size = part.size ?? "md") {
  const fixed = length(size, LETTERS);
  return part.scaling ? `calc(${fixed} * var(--letters, 1))` : fixed;
}

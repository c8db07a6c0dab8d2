//! Katakana in Latin letters.

use crate::format::shorten;

/// Katakana and their spelling in Latin letters, digraphs first.
const SYLLABLES: &str = "\
    キャ=kya キュ=kyu キョ=kyo シャ=sha シュ=shu ショ=sho チャ=cha チュ=chu チョ=cho ニャ=nya ニュ=nyu ニョ=nyo \
    ヒャ=hya ヒュ=hyu ヒョ=hyo ミャ=mya ミュ=myu ミョ=myo リャ=rya リュ=ryu リョ=ryo ギャ=gya ギュ=gyu ギョ=gyo \
    ジャ=ja ジュ=ju ジョ=jo ビャ=bya ビュ=byu ビョ=byo ア=a イ=i ウ=u エ=e オ=o カ=ka \
    キ=ki ク=ku ケ=ke コ=ko サ=sa シ=shi ス=su セ=se ソ=so タ=ta チ=chi ツ=tsu \
    テ=te ト=to ナ=na ニ=ni ヌ=nu ネ=ne ノ=no ハ=ha ヒ=hi フ=fu ヘ=he ホ=ho \
    マ=ma ミ=mi ム=mu メ=me モ=mo ヤ=ya ユ=yu ヨ=yo ラ=ra リ=ri ル=ru レ=re \
    ロ=ro ワ=wa ヱ=e ヲ=o ン=n ガ=ga ギ=gi グ=gu ゲ=ge ゴ=go ザ=za ジ=ji \
    ズ=zu ゼ=ze ゾ=zo ダ=da ヂ=ji ヅ=zu デ=de ド=do バ=ba ビ=bi ブ=bu ベ=be \
    ボ=bo パ=pa ピ=pi プ=pu ペ=pe ポ=po \
";

/// A rough Hepburn spelling, long vowels shortened: enough to recognise a listed name.
pub(crate) fn romanise(katakana: &str) -> String {
    let mut latin = String::new();
    let mut rest = katakana;
    let mut doubled = false;
    while let Some(first) = rest.chars().next() {
        let syllable = SYLLABLES
            .split_whitespace()
            .filter_map(|pair| pair.split_once('='))
            .find(|(kana, _)| rest.starts_with(kana));
        let Some((kana, spelling)) = syllable else {
            doubled = first == 'ッ';
            rest = rest.strip_prefix(first).unwrap_or_default();
            continue;
        };
        if doubled {
            latin.extend(spelling.chars().next());
            doubled = false;
        }
        latin.push_str(spelling);
        rest = rest.strip_prefix(kana).unwrap_or_default();
    }
    shorten(&latin)
}

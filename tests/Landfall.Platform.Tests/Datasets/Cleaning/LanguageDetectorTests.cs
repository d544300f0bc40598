using Landfall.Platform.Datasets.Cleaning;

namespace Landfall.Platform.Tests.Datasets.Cleaning;

public sealed class LanguageDetectorTests
{
    [Theory]
    [InlineData("How do I change the password of my router?", "en")]
    [InlineData("怎么改路由器的密码？", "zh")]
    [InlineData("WiFi 密码怎么改 help", "zh")]
    [InlineData("ルーターのパスワードを変更したい", "ja")]
    [InlineData("비밀번호를 어떻게 바꾸나요", "ko")]
    [InlineData("Как изменить пароль роутера?", "ru")]
    [InlineData("Wie kann ich das Passwort für mein WLAN ändern?", "de")]
    [InlineData("Comment puis-je changer le mot de passe de ma box ?", "fr")]
    [InlineData("¿Cómo puedo cambiar la contraseña de mi router?", "es")]
    [InlineData("كيف أغير كلمة المرور", "ar")]
    [InlineData("จะเปลี่ยนรหัสผ่านอย่างไร", "th")]
    [InlineData("12345 ???", "und")]
    [InlineData("", "und")]
    public void Detect_Text_IsOfItsLanguage(string text, string language) => Assert.Equal(language, LanguageDetector.Detect(text).Code);
}

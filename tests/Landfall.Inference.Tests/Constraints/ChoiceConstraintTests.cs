using System.Text;
using CsCheck;

namespace Landfall.Inference.Constraints;

public sealed class ChoiceConstraintTests
{
    private static readonly Gen<string[]> Choices = Gen.String[Gen.Char["ab é中\""], 1, 5].Array[1, 8];

    [Fact]
    public void Write_AnyChoices_GivesEachOfThemAndNothingElse() => Choices.Sample(
        choices =>
        {
            foreach (var vocabulary in Vocabularies.All)
            {
                var constraint = ChoiceConstraint.Compile(choices, vocabulary);
                var written = new HashSet<string>(StringComparer.Ordinal);
                for (var seed = 0; seed < 200 && written.Count < choices.Distinct().Count(); seed++)
                {
                    written.Add(Encoding.UTF8.GetString(RandomAnswer.Write(constraint, vocabulary, new Random(seed))));
                }

                Assert.Subset(choices.ToHashSet(StringComparer.Ordinal), written);
                Assert.Equal(choices.Length == 1 ? 1 : written.Count, written.Count);
                Assert.All(choices, choice => Assert.True(constraint.Accepts(Encoding.UTF8.GetBytes(choice))));
            }
        },
        iter: 50);

    [Fact]
    public void Allowed_AnyState_IsWhatTheBytesSay() => Choices.Sample(
        choices => MaskOracle.Check(ChoiceConstraint.Compile(choices, Vocabularies.ByteLevel), Vocabularies.ByteLevel, new Random(1), 5), iter: 20);

    [Fact]
    public void State_ChoiceThatBeginsAnother_CanEndButNeedNot()
    {
        var state = ChoiceConstraint.Compile(["a", "ab"], Vocabularies.ByteLevel).Start();
        Assert.False(state.CanEnd);
        state.Accept(Token('a'));
        Assert.True(state.CanEnd && !state.MustEnd);
        state.Accept(Token('b'));
        Assert.True(state.MustEnd);
        Assert.Throws<ArgumentException>(() => state.Accept(Token('b')));

        static int Token(char letter) => letter + 2;
    }

    [Fact]
    public void Compile_NoOrEmptyChoices_IsRefused()
    {
        Assert.Throws<ConstraintException>(() => ChoiceConstraint.Compile([], Vocabularies.ByteLevel));
        Assert.Equal("choices[1]", Assert.Throws<ConstraintException>(() => ChoiceConstraint.Compile(["a", ""], Vocabularies.ByteLevel)).Place);
    }

    [Fact]
    public void Allowed_VocabularyWithoutTheBytes_SaysSo()
    {
        var vocabulary = new Tokenizers.TokenVocabulary([[], "a"u8.ToArray()], [true, false], ["</s>", "a"]);
        var state = ChoiceConstraint.Compile(["b"], vocabulary).Start();
        Assert.Contains("vocabulary has no token", Assert.Throws<InferenceException>(() => { state.Allowed(); }).Message, StringComparison.Ordinal);
    }
}

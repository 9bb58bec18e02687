using HmsMesh.Cli.Supervision;

namespace HmsMesh.Cli.Tests.Supervision;

public class AddressBookTests
{
    private static readonly AddressBook Book = new(new Dictionary<int, int> { [6005] = 29001, [6006] = 29002 });

    [Theory]
    [InlineData("http://127.0.0.1:6005", "http://127.0.0.1:29001")]
    [InlineData("http://127.0.0.1:6005/a,http://127.0.0.1:6006/b", "http://127.0.0.1:29001/a,http://127.0.0.1:29002/b")]
    [InlineData("http://127.0.0.1:60050", "http://127.0.0.1:60050")]
    [InlineData("http://127.0.0.1:7000", "http://127.0.0.1:7000")]
    [InlineData("http://10.0.0.1:6005", "http://10.0.0.1:6005")]
    [InlineData("6005", "6005")]
    [InlineData("http://127.0.0.1:", "http://127.0.0.1:")]
    public void Translate_OfAnAddress_PutsTheGivenPortInPlaceOfADeclaredOne(string declared, string given) =>
        Book.Translate(declared).ShouldBe(given);
}

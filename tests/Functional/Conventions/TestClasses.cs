using System.Reflection;

namespace Snakepit.Tests.Functional.Conventions;

public sealed class TestClasses
{
    private static readonly Assembly Tests = typeof(TestClasses).Assembly;

    private static readonly Type[] WithTests =
        [.. Tests.GetTypes().Where(type => type.GetMethods().Any(method => method.IsDefined(typeof(FactAttribute), inherit: true)))];

    [Fact]
    public void Every_test_belongs_to_the_functional_category()
    {
        var trait = Assert.Single(
            CustomAttributeData.GetCustomAttributes(Tests), data => data.AttributeType == typeof(AssemblyTraitAttribute));
        Assert.Equal(["Category", "Functional"], trait.ConstructorArguments.Select(argument => argument.Value));
        var others = WithTests
            .SelectMany(type => type.GetMethods().Cast<MemberInfo>().Append(type))
            .Where(member => member.IsDefined(typeof(TraitAttribute)));
        Assert.Empty(others);
    }

    [Fact]
    public void Every_test_class_is_public_and_sealed_or_abstract_and_so_found_by_the_runner() =>
        Assert.DoesNotContain(WithTests, type => !type.IsPublic || !(type.IsSealed || type.IsAbstract));

    [Fact]
    public void Every_test_name_is_a_sentence()
    {
        var names = WithTests
            .SelectMany(type => type.GetMethods().Where(method => method.IsDefined(typeof(FactAttribute), inherit: true)))
            .Select(method => method.Name);
        Assert.All(names, name => Assert.Matches("^[A-Z][a-z0-9]*(_[a-z0-9]+)+$", name));
    }
}
